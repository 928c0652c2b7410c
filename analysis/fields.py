"""What the columns of areas mean: those of the place, and those of a study."""

from __future__ import annotations

PLACE_FIELDS = (
    ("code", "Code of the area", ""),
    ("name", "Name of the area", ""),
    ("name_cy", "Welsh name, where the area is in Wales", ""),
    ("nation", "E England, W Wales, S Scotland, N Northern Ireland", ""),
    ("region_code", "Code of the English region, or of the nation elsewhere", ""),
    ("region_name", "Name of the English region, or of the nation elsewhere", ""),
    ("geography", "Geography of the code", ""),
    ("date", "Date on which the code set is true", ""),
    ("population", "Residents at the 2011 Census; used as weights only", "people"),
    ("hectares", "Land area as drawn", "hectares"),
    ("coast_share", "Share of the boundary that is open coast", "proportion"),
    ("coast_distance_m", "Mean distance of the area's land to open coast", "metres"),
    ("residents_per_hectare", "Residents per hectare", "people per hectare"),
    ("coastal", "Coastal by the default definition", ""),
    ("rural", "Rural by the default definition", ""),
    ("post_industrial", "Post-industrial by the default definition", ""),
)
"""Columns that say what is known of a place: name, meaning, unit."""

STUDY_FIELDS = {
    "value": "The outcome",
    "lower": "Lower end of the published 95% interval; empty where none is published",
    "upper": "Upper end of the published 95% interval; empty where none is published",
    "se": "Standard error; empty where none is known",
    "quality": "How the value reached the area: exact, carried, approximate, modelled, inherited, partial, missing",
    "reason": "Why there is no value",
    "moran_i": "Local Moran's I",
    "moran_z": "Local Moran's I, standardised by its conditional permutations",
    "moran_p": "Two-sided conditional-permutation p of local Moran's I",
    "moran_q": "The same p, adjusted for having looked at every area",
    "moran_class": "Class of local Moran, in value order; empty where the outcome does not cover the area",
    "gi_z": "Gi*, standardised by its conditional permutations",
    "gi_p": "Two-sided conditional-permutation p of Gi*",
    "gi_q": "The same p, adjusted for having looked at every area",
    "gi_class": "Class of Gi*, in value order; empty where the outcome does not cover the area",
    "robustness": "Whether the class stands under other choices of neighbours and other seeds",
    "p_low_low": "Probability that the area would be low-low were the survey taken again",
    "p_high_high": "Probability that the area would be high-high were the survey taken again",
    "rank_lower": "Lower end of the 95% interval of the area's rank (1 is the lowest value)",
    "rank_upper": "Upper end of the 95% interval of the area's rank (1 is the lowest value)",
    "against_average": "Whether the value can be told from the average, by the published interval",
    "cluster": "Cluster the area belongs to, or the id it has as a single area; see clusters.csv",
}
"""Columns of ``Study.to_frame``: name, meaning."""
