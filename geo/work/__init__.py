"""Work that is cut into tasks: done here, in several processes or on a cluster, with the same result, and each finished task kept.

Promises that every task is run on what it was given and nothing else, that a result is kept whole or not at all under a key of its
content, that a worker which is killed costs the task it was at and no more, and that nothing depends on the number of workers: each
task computes on one thread. Knows nothing of what the tasks do.
"""

from geo.work.asked import Workers, workers_of
from geo.work.crew import Crew, Telling
from geo.work.jobs import Job, Need, Shared
from geo.work.kept import Store
from geo.work.keys import code_key, content_key
from geo.work.leftovers import tidy_work, work_folder
from geo.work.processes import Processes

__all__ = [
    "Crew",
    "Job",
    "Need",
    "Processes",
    "Shared",
    "Store",
    "Telling",
    "Workers",
    "code_key",
    "content_key",
    "tidy_work",
    "work_folder",
    "workers_of",
]
