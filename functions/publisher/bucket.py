"""The dashboard's bucket: filled with a new build, or emptied.

Theory of operation. A browser that opened the dashboard before a deploy goes on loading that build's files, so the files of the build before are
kept and only older ones are deleted. Which files a build put there is written beside them, in `published.json`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from publisher.files import ASK_EACH_TIME, cache_control, content_type, in_order

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

RECORD = "published.json"
CONFIG = "config.json"
_DELETED_PER_CALL = 1000  # the most that DeleteObjects takes


class PublishError(Exception):
    """The bucket is not as it should be; the message names the objects concerned."""


def publish(s3: S3Client, bucket: str, folder: Path, config: Mapping[str, Any]) -> int:
    """Make `bucket` hold the build in `folder` and `config` as config.json; returns the number of files. ClientError when S3 refuses."""
    keys = in_order(folder)
    before = _recorded(s3, bucket)
    # The configuration comes before index.html: whoever gets the new page finds it.
    _put(s3, bucket, CONFIG, json.dumps(config, sort_keys=True).encode())
    for key in keys:
        if key == CONFIG:
            continue  # the build carries one for development
        _put(s3, bucket, key, (folder / key).read_bytes())
    _put(s3, bucket, RECORD, json.dumps({"files": keys}).encode())
    wanted = {*keys, *before, RECORD, CONFIG}
    _delete(s3, bucket, [key for key in _keys(s3, bucket) if key not in wanted])
    return len(keys)


def empty(s3: S3Client, bucket: str) -> None:
    """Delete every object, so that the bucket itself can be deleted; a bucket that is gone already is empty too."""
    try:
        _delete(s3, bucket, list(_keys(s3, bucket)))
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchBucket":
            raise


def _put(s3: S3Client, bucket: str, key: str, body: bytes) -> None:
    cache = ASK_EACH_TIME if key in {RECORD, CONFIG} else cache_control(key)
    s3.put_object(Bucket=bucket, Key=key, Body=body, ContentType=content_type(key), CacheControl=cache)


def _recorded(s3: S3Client, bucket: str) -> list[str]:
    """Files of the build that is in the bucket now; none for an empty bucket or a record that cannot be read."""
    try:
        record = json.loads(s3.get_object(Bucket=bucket, Key=RECORD)["Body"].read())
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"NoSuchKey", "404"}:
            raise
        return []
    except ValueError:
        return []
    files = record.get("files") if isinstance(record, dict) else None
    return [name for name in files if isinstance(name, str)] if isinstance(files, list) else []


def _keys(s3: S3Client, bucket: str) -> Iterator[str]:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        yield from (entry["Key"] for entry in page.get("Contents", []))


def _delete(s3: S3Client, bucket: str, keys: Iterable[str]) -> None:
    names = list(keys)
    for start in range(0, len(names), _DELETED_PER_CALL):
        objects = [{"Key": key} for key in names[start : start + _DELETED_PER_CALL]]
        answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True})  # type: ignore[typeddict-item]
        if failed := answer.get("Errors"):
            raise PublishError(f"could not delete {len(failed)} objects, the first is {failed[0].get('Key')}")
