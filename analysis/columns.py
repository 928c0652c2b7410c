"""What the columns of tables mean: areas, with what is known of the place and what a study finds, clusters, kinds of place."""

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
    "mean": "The area's true figure as estimated from all figures and their errors (posterior mean)",
    "mean_lower": "Lower end of the 95% interval of the true figure",
    "mean_upper": "Upper end of the 95% interval of the true figure",
    "p_below": "Probability that the true figure lies below the average",
    "p_low_tenth": "Probability that the true figure is among the lowest tenth",
    "p_high_tenth": "Probability that the true figure is among the highest tenth",
    "rank_lower": "Lower end of the 95% interval of the area's true rank (1 is the lowest value)",
    "rank_upper": "Upper end of the 95% interval of the area's true rank (1 is the lowest value)",
    "band": "Band of the published figure, published or stated",
    "level": "Where the area stands against the average, in value order: low or high (lists with at most 5% false ones expected), "
    "not-clear, error-unknown, no-data",
    "moran_i": "Local Moran's I",
    "moran_z": "Local Moran's I, standardised by its conditional permutations",
    "moran_p": "Two-sided conditional-permutation p of local Moran's I",
    "moran_q": "The same p, adjusted for having looked at every area",
    "moran_class": "Class of local Moran, in value order; empty where the outcome does not cover the area",
    "gi_z": "Gi*, standardised by its conditional permutations",
    "gi_p": "Two-sided conditional-permutation p of Gi*",
    "gi_q": "The same p, adjusted for having looked at every area",
    "gi_class": "Class of Gi*, in value order; empty where the outcome does not cover the area",
    "robustness": "How far a class stands under other choices of neighbours and other seeds: core where it "
    "stands under all of them, probable under most, contested under some; none, not-testable, no-data",
    "robustness_direction": "Which class that is, in value order: low, high, or an outlier (high-low, low-high); empty where none",
    "p_low_low": "Probability that the area is low-low once the error of all figures is allowed for",
    "p_high_high": "Probability that the area is high-high once the error of all figures is allowed for",
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
    "kind": "cluster: two areas or more that touch; single area: one with no neighbour of the same class",
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
    "probability": "Mean over members of the probability of their class once the error of all figures is allowed for; empty where no error is known",
    "across_median": "Members of a low cluster above the median of the areas tested, or of a high one below it",
    "level_low": "Members that are clearly below the average",
    "level_high": "Members that are clearly above the average",
    "level_not_clear": "Members that cannot be distinguished from the average",
    "level_error_unknown": "Members whose error is not known",
    "robust_core": "Members that are in clusters of the direction under every choice of neighbours and seed; empty where none was tried",
    "robust_probable": "Members that are in more than half of those runs",
    "robust_contested": "Members that are in some of them",
    "several_kinds_areas": "Members that are of more than one kind of place by the default definitions",
    "several_kinds_population_share": "Share of the residents who live in such members",
}
"""Columns of ``clusters.csv``: name, meaning; those of kinds of place are in ``KIND_FIELDS``."""

KIND_FIELDS = {
    "areas": "Members that are {kind} by the default definition",
    "classified": "Members that the definition of {kind} classifies at all",
    "population_share": "Share of the residents of classified members who live in {kind} members",
    "share": "Share of the classified members that are {kind}",
    "expected": "Mean share of {kind} areas among all clustered areas of the direction on maps as smooth, laid out at random",
    "p": "Whether {kind} areas are over-represented in all clusters of the direction together, not in this one: share of maps as "
    "smooth on which they are at least as much so; empty where it cannot be tested",
    "q": "That p, adjusted for all kinds, definitions, directions and outcomes asked at once (Benjamini-Hochberg)",
}
"""Columns ``<kind>_<field>`` of ``clusters.csv``: field, meaning."""

CLUSTER_UNITS = {
    "areas": "areas",
    "population": "people",
    **dict.fromkeys(("mean_value", "lowest", "highest", "gap"), "of the outcome"),
    **dict.fromkeys(("weakest_q", "probability", "population_share", "share", "expected"), "proportion"),
    **dict.fromkeys(("p", "q"), ""),
    "classified": "areas",
    **dict.fromkeys(("level_low", "level_high", "level_not_clear", "level_error_unknown"), "areas"),
    **dict.fromkeys(("robust_core", "robust_probable", "robust_contested", "several_kinds_areas"), "areas"),
    "several_kinds_population_share": "proportion",
}
"""Units of the columns of ``clusters.csv`` that have one."""

CLAIM_FIELDS = {
    "outcome": "Id of the outcome",
    "period": "Period, as published",
    "type": "Kind of place",
    "definition": "Rule that says which areas are of the kind",
    "estimated": "alone, or together with the kinds in others",
    "n": "Areas compared: those with a value that the definition classifies; units published, where areas inherit a value; districts, of more than 3,000 small areas",
    "members": "How many of them are of the kind; where units are of it in part, the sum of their shares of residents",
    "gap": "The gap on the map: mean of the kind less mean of the others; together: among areas alike in the other kinds",
    "gap_lower": "Lower end of its 95% interval by the survey's error alone; empty where no error is known",
    "gap_upper": "Upper end of that interval",
    "beside": "The gap that is left beside places nearby, once the broad pattern of the map is allowed for",
    "beside_lower": "Lower end of its 95% interval",
    "beside_upper": "Upper end of that interval",
    "p": "Two-sided p of the gap beside places nearby; of an outcome with a skewness beyond 1, the larger of that and of p on normal scores",
    "q": "p, adjusted for all kinds, definitions and outcomes asked at once (Benjamini-Hochberg), alone and together apart",
    "verdict": "lower- or higher-beside-nearby: q at most 0.05; lower- or higher-on-map-only: else, a gap on the map of at least a "
    "fifth of a standard deviation whose survey interval does not include zero; no-clear-gap; not-testable",
    "scale": "Scale of beside: value, in the outcome's unit; log, rank or normal-scores",
    "sd": "Standard deviation of the outcome over the areas compared",
    "skewness": "Skewness of the outcome over the areas compared",
    "df": "Effective degrees of freedom of the interval of beside",
    "with_error": "Areas whose published error is in the estimate",
    "others": "Kinds that are allowed for, where estimated together",
    "reason": "Why it could not be tested",
}
"""Columns of ``claims.csv``: name, meaning."""

CLAIM_UNITS = dict.fromkeys(("gap", "gap_lower", "gap_upper", "sd"), "of the outcome") | dict.fromkeys(
    ("beside", "beside_lower", "beside_upper"), "of the scale"
)
"""Units of the columns of ``claims.csv`` that have one."""

ROBUSTNESS_FIELDS = {
    "policy": "Choice of neighbours of the run",
    "seed": "Seed of the run",
    "alpha": "Level of the run",
}
"""Columns of ``robustness.csv`` beside the number of areas in each class: name, meaning."""

LEVEL_FIELDS = {
    "outcome": "Id of the outcome",
    "period": "Period, as published",
    "code": "Code of the area",
    "name": "Name of the area",
    **{
        name: STUDY_FIELDS[name]
        for name in (
            *("value", "lower", "upper", "mean", "mean_lower", "mean_upper", "p_below", "p_low_tenth", "p_high_tenth"),
            *("band", "rank_lower", "rank_upper", "level"),
        )
    },
}
"""Columns of ``levels.csv``: name, meaning; a row an area that the outcome covers."""

LEVEL_UNITS = dict.fromkeys(
    ("value", "lower", "upper", "mean", "mean_lower", "mean_upper"), "of the outcome"
) | dict.fromkeys(("p_below", "p_low_tenth", "p_high_tenth"), "proportion")
"""Units of the columns of ``levels.csv`` that have one."""

PROFILE_FIELDS = {
    "code": "Code of the area",
    "name": "Name of the area",
    "low_on": "Number of outcomes on which the area's published figure lies in one of the two least favourable bands",
    "of": "Number of outcomes that have a figure for it and a good end",
    "p_low_on": "Probability that its true figures lie there on at least so many outcomes, errors taken as independent; empty where "
    "one of them gives no probability",
}
"""Columns of ``profiles.csv`` before the band of each outcome: name, meaning."""

PROFILE_UNITS = {"low_on": "outcomes", "of": "outcomes", "p_low_on": "proportion"}
"""Units of the columns of ``profiles.csv`` that have one."""

CLUSTERED_KIND_FIELDS = {
    "outcome": "Id of the outcome",
    "period": "Period, as published",
    "direction": "Clusters of low or of high values",
    "type": "Kind of place",
    "definition": "Rule that says which areas are of the kind",
    "clustered": "Areas in clusters of the direction, single areas among them, that the definition classifies",
    "members": "How many of them are of the kind",
    "share": "members as a share of clustered; empty where none is clustered",
    "overall": "Share of the kind among all areas that are classified and have a value",
    "expected": "Mean share of the kind among clustered areas on maps as smooth as this one, laid out at random",
    "p": "Share of maps as smooth on which the kind is at least as much over-represented; empty where it cannot be tested",
    "q": "p, adjusted for all kinds, definitions, directions and outcomes asked at once (Benjamini-Hochberg)",
    "maps": "Number of maps as smooth that were drawn",
}
"""Columns of ``clusters-by-kind.csv``: name, meaning."""

CLUSTERED_KIND_UNITS = dict.fromkeys(("share", "overall", "expected"), "proportion") | dict.fromkeys(
    ("clustered", "members"), "areas"
)
"""Units of the columns of ``clusters-by-kind.csv`` that have one."""

SERIES_FIELDS = {
    "outcome": "Id of the outcome",
    "period": "Period, as published",
    "code": "Code of the area",
    "name": "Name of the area",
    **{name: STUDY_FIELDS[name] for name in ("value", "lower", "upper", "se")},
    "band": "Band that the publisher gives; empty where there is none",
    "quality": STUDY_FIELDS["quality"],
}
"""Columns of ``series.csv``: name, meaning."""

SERIES_UNITS = dict.fromkeys(("value", "lower", "upper", "se"), "of the outcome")
"""Units of the columns of ``series.csv`` that have one."""

WARNING_FIELDS = {
    "outcome": "Id of the outcome",
    "period": "Latest period, as published",
    "since": "Earlier period, as published",
    "code": "Code of the area",
    "name": "Name of the area",
    "direction": "regressing or improving; rising or falling where neither end is good",
    "change": "The change as estimated from all changes and their errors",
    "lower": "Lower end of its 95% interval",
    "upper": "Upper end of its 95% interval",
    "p": "Probability that the true change is beyond the least change that counts",
    "in_a_row": "Periods in a row, up to the latest, over which the published figure moved this way",
    "level": "Where the area stands now, as in levels.csv",
    "common": "Whether all areas together moved this way, and this one no further",
    "several": "Outcomes in which the area has such a change of its own",
    "unit": "Unit of the change; of money set against the national figure, percentage points of it",
    "base": "fixed; relative: what happened everywhere cannot show; or not-known",
}
"""Columns of ``warnings.csv``: name, meaning."""

WARNING_UNITS = dict.fromkeys(("change", "lower", "upper"), "of the change") | {"p": "proportion"}
"""Units of the columns of ``warnings.csv`` that have one."""
