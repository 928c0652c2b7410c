"""What the columns of tables mean: areas, with what is known of the place and what a study finds, clusters, associations."""

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
    "robustness": "How far a class stands under other choices of neighbours and other seeds: core in every run, probable in most, "
    "contested in some; none, not-testable, no-data",
    "robustness_direction": "Which class that is, in value order: low, high, or an outlier (high-low, low-high); empty where none",
    "p_low_low": "Probability that the area would be low-low were the survey taken again",
    "p_high_high": "Probability that the area would be high-high were the survey taken again",
    "rank_lower": "Lower end of the 95% interval of the area's rank (1 is the lowest value)",
    "rank_upper": "Upper end of the 95% interval of the area's rank (1 is the lowest value)",
    "against_average": "Whether the value can be told from the average, by the published interval",
    "cluster": "Cluster the area belongs to, or the id it has as a single area; see clusters.csv",
}
"""Columns of ``Study.to_frame``: name, meaning."""

WHOLE_MAP_FIELDS = {
    "outcome": "Id of the outcome",
    "period": "Period, as published",
    "name": "Name of the statistic",
    "part": "Which of its numbers, where it has several",
    "statistic": "The number",
    "expectation": "What chance alone gives",
    "z": "The number, standardised by what chance gives; empty where it is not tested",
    "p": "p of the sides that were tested; empty where it is not tested",
    "n": "Areas tested",
}
"""Columns of ``whole-map.csv``: name, meaning."""

CLUSTER_FIELDS = {
    "outcome": "Id of the outcome",
    "period": "Period, as published",
    "id": "Id of the cluster or single area within its outcome and period, as in the column cluster of areas",
    "direction": "Low or high, in value order",
    "kind": "cluster: two areas or more that touch; single area: one that stands out alone",
    "name": "What the cluster is called",
    "areas": "Number of members",
    "codes": "Codes of the members, most residents first",
    "names": "Names of the members, in the same order",
    "regions": "Codes of the regions or nations the members lie in, most residents first",
    "dominant_type": "Kinds of place that at least half of the residents live in; mixed; none of the three",
    "population": "Residents of the members at the 2011 Census",
    "mean_value": "Mean of the members' values, weighted by residents where all are known",
    "lowest": "Lowest value of a member",
    "highest": "Highest value of a member",
    "gap": "mean_value less the average that the map is compared with",
    "weakest_q": "Largest adjusted p among the members; a cluster has no p of its own",
    "probability": "Mean over members of the probability of their class, were the survey taken again; empty where no error is known",
    "across_median": "Members of a low cluster above the median of the areas tested, or of a high one below it",
}
"""Columns of ``clusters.csv``: name, meaning; those of kinds of place are in ``KIND_FIELDS``."""

KIND_FIELDS = {
    "areas": "Members that are {kind} by the default definition",
    "classified": "Members that the definition of {kind} classifies at all",
    "population_share": "Share of the residents of classified members who live in {kind} members",
}
"""Columns ``<kind>_<field>`` of ``clusters.csv``: field, meaning."""

CLUSTER_UNITS = {
    "areas": "areas",
    "population": "people",
    **dict.fromkeys(("mean_value", "lowest", "highest", "gap"), "of the outcome"),
    **dict.fromkeys(("weakest_q", "probability", "population_share"), "proportion"),
    "classified": "areas",
}
"""Units of the columns of ``clusters.csv`` that have one."""

ASSOCIATION_FIELDS = {
    "outcome": "Id of the outcome",
    "period": "Period, as published",
    "kind": "Kind of place and definition: <kind>__<definition>",
    "n": "Areas compared: those with a value that the definition classifies",
    "members": "How many of them are of the kind",
    "mean_members": "Plain mean of the areas of the kind",
    "mean_others": "Plain mean of the other areas classified",
    "difference": "mean_members less mean_others",
    "lower": "Lower end of the 95% interval of the difference, which allows for alike neighbours",
    "upper": "Upper end of the 95% interval of the difference",
    "effect": "The difference in standard deviations of the outcome over the areas compared",
    "effect_lower": "Lower end of the 95% interval of effect",
    "effect_upper": "Upper end of the 95% interval of effect",
    "adjusted": "The difference by regression with spatially autocorrelated errors",
    "adjusted_lower": "Lower end of the 95% interval of adjusted",
    "adjusted_upper": "Upper end of the 95% interval of adjusted",
    "rho": "Autocorrelation of the errors of that regression",
    "p_singleton": "Two-sided p against maps as smooth, first version of the test (the sign of each pattern is drawn)",
    "p_pair": "The same, second version (pairs of patterns are turned)",
    "p_welch": "Two-sided p of Welch's t, which takes areas for independent: for comparison only, not to be quoted",
    "draws": "Maps drawn",
    "seed": "Seed of the draws",
    "weights": "Neighbours of these figures",
    "isolates": "Areas compared that have no neighbour",
    "against": "Other choices of neighbours, each with its p",
    "p": "The larger of p_singleton and p_pair",
    "p_highest": "The largest p under any choice of neighbours",
    "finding": "below or above: p at most 0.05 under every choice of neighbours, and the interval does not include zero; "
    "depends on the neighbours; no clear gap",
    "q": "p, adjusted for the number of definitions tested (Benjamini-Hochberg)",
    "not_tested": "Why the kind of place could not be tested, where it could not",
}
"""Columns of ``associations.csv``: name, meaning."""

ASSOCIATION_UNITS = dict.fromkeys(
    ("mean_members", "mean_others", "difference", "lower", "upper", "adjusted", "adjusted_lower", "adjusted_upper"),
    "of the outcome",
) | dict.fromkeys(("effect", "effect_lower", "effect_upper"), "standard deviations")
"""Units of the columns of ``associations.csv`` that have one."""

ROBUSTNESS_FIELDS = {
    "policy": "Choice of neighbours of the run",
    "seed": "Seed of the run",
    "alpha": "Level of the run",
}
"""Columns of ``robustness.csv`` beside the number of areas in each class: name, meaning."""
