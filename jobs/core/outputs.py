"""Where things lie in the object store, and the rows of the result files."""

from typing import Any

from jobs.core.prediction import Failed, Result, Succeeded


def file_key(sha256: str) -> str:
    """A bundle's file: by content, so that a second version shares it."""
    return f"bundles/{sha256[:2]}/{sha256}"


def upload_key(file_id: str) -> str:
    """A file that a user uploaded."""
    return f"uploads/{file_id}"


def snapshot_key(batch: str, token: int) -> str:
    """The checked manifest as plain JSON Lines; its index lies beside it."""
    return f"batches/{batch}/manifest.{token}.jsonl"


def index_key(snapshot: str) -> str:
    """The sparse (row, offset) index of a snapshot."""
    return snapshot.removesuffix(".jsonl") + ".index"


def attempt_prefix(batch: str, first: int, token: int) -> str:
    """All that one attempt at one shard writes."""
    return f"batches/{batch}/shards/{first:012d}.{token}/"


def final_prefix(batch: str, token: int) -> str:
    """All that one attempt at finalizing writes."""
    return f"batches/{batch}/results.{token}/"


def prediction_prefix(prediction: str, token: int) -> str:
    """The output files of one attempt at one prediction."""
    return f"predictions/{prediction}/{token}/"


def body(result: Succeeded, version: str) -> dict[str, Any]:
    """The prediction as it stands in a result row."""
    return {
        "status": "succeeded",
        "version": version,
        "output": result.output,
        "metrics": {"predict_time": round(result.predict_s, 6)},
    }


def row(batch: str, number: int, custom_id: str, result: Result, version: str) -> dict[str, Any]:
    """A line of output.jsonl or errors.jsonl, in OpenAI's shape; `id` follows from the row."""
    id = f"{batch}_{number}"
    if isinstance(result, Failed):
        error = {"code": result.code, "message": result.message}
        return {"id": id, "custom_id": custom_id, "response": None, "error": error}
    response = {"status_code": 200, "request_id": id, "body": body(result, version)}
    return {"id": id, "custom_id": custom_id, "response": response, "error": None}


def validation_key(batch: str) -> str:
    """Every problem of a refused manifest, as JSON Lines."""
    return f"batches/{batch}/validation-errors.jsonl"
