"""Two other ways to read the articles of WARC files in bulk: run with the Python of .venv-rivals-bulk, as bulk.py does.

    python rivals_bulk.py datatrove|spark FOLDER OUTPUT CORES

Each writes files of JSON lines with the text of articles. This file imports nothing of ours: its environment is
another.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path


def datatrove(folder: Path, output: Path, cores: int) -> None:
    """Its own reader, extractor and writer, with ten seconds a page as we have, where it has one."""
    from datatrove.executor import LocalPipelineExecutor  # type: ignore[import-not-found]
    from datatrove.pipeline.extractors import Trafilatura  # type: ignore[import-not-found]
    from datatrove.pipeline.readers import WarcReader  # type: ignore[import-not-found]
    from datatrove.pipeline.writers import JsonlWriter  # type: ignore[import-not-found]

    steps = [
        WarcReader(str(folder), glob_pattern="*.warc.gz"),
        Trafilatura(timeout=10, deduplicate=False),  # the benchmark's pages come several times
        JsonlWriter(str(output), output_filename="${rank}.jsonl", compression=None),
    ]
    files = len(list(folder.glob("*.warc.gz")))
    logs = str(output / "logs")
    # Forked, its workers are its own children, and their CPU time is told.
    LocalPipelineExecutor(steps, tasks=files, workers=cores, logging_dir=logs, start_method="fork").run()


def spark(folder: Path, output: Path, cores: int) -> None:
    """As users of cc-pyspark do it: each file a partition, its records read one after another where they are."""
    from pyspark.sql import SparkSession  # type: ignore[import-not-found]

    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master(f"local[{cores}]").config("spark.ui.enabled", "false")
    session = builder.getOrCreate()
    paths = [str(path) for path in sorted(folder.glob("*.warc.gz"))]
    session.sparkContext.parallelize(paths, len(paths)).mapPartitions(_articles).saveAsTextFile(str(output))
    session.stop()


def _articles(paths: Iterable[str]) -> Iterator[str]:
    import trafilatura
    from fastwarc.warc import ArchiveIterator, WarcRecordType  # type: ignore[import-not-found]

    started = time.process_time()
    for path in paths:
        with open(path, "rb") as file:  # noqa: PTH123
            for record in ArchiveIterator(file, record_types=WarcRecordType.response):
                url = record.headers["WARC-Target-URI"]
                document = trafilatura.bare_extraction(
                    record.reader.read(), url=url, favor_precision=True, include_comments=False, with_metadata=True
                )
                if document is not None:
                    told = {"title": document.title, "date": document.date, "author": document.author}
                    yield json.dumps({"url": url, "text": document.text, **told})
    yield json.dumps({"cpu": time.process_time() - started})  # nobody else learns what Java's children took


WAYS: dict[str, Callable[[Path, Path, int], None]] = {"datatrove": datatrove, "spark": spark}

if __name__ == "__main__":
    name, folder, output, cores = sys.argv[1:]
    WAYS[name](Path(folder), Path(output), int(cores))
