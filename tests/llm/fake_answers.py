"""What the fake server says: its fixed judgement of titles, and every way to say that something went wrong."""

import hashlib
import re

CONTENT_FAULTS = (
    "invalid_json", "wrong_schema", "cut", "refusal", "empty", "missing_id", "doubled_id", "invented_id",
    "out_of_range", "filtered",
)  # fmt: skip
HTTP_FAULTS = ("error_500", "reset", "stall", "drip", "rate", "not_json")
FAULTS = CONTENT_FAULTS + HTTP_FAULTS


def points(title: str) -> int:
    """What the fake judge thinks of a title: 0 to 10."""
    return hashlib.sha256(title.encode()).digest()[0] % 11


def verdict(row, top):
    """What the fake judge says of a lead's row."""
    score = points(row["title"])
    return {
        "id": row["id"], "relevant": score >= 6, "department": score, "seniority": score, "score": score * top // 10,
        "sure": "high", "reason": f"points {score}",
    }  # fmt: skip


_ASKED_VERSIONS = re.compile(r"Versions: ([0-9]+)\n<points>")
_LINE = re.compile(r"^ *([0-9]+)\| ", re.MULTILINE)
_WANTED = re.compile(r"Wanted: (\w+)")


def of_optimizing(said, rows):
    """A critique of labelled rows, or versions of a text, where one of them is asked for; else None.

    The critique wants the last words of the titles that should have been contacted; each version lets one more in, by
    a line at the end of the text.
    """
    asked = _ASKED_VERSIONS.search(said)
    if asked:
        words = [word for row in rows for word in _WANTED.findall(row["mend"])]
        last = int(_LINE.findall(said)[-1])
        return {
            "versions": [
                {
                    "why": f"Lets {at + 1} more kinds in.",
                    "changes": [
                        {"line": last, "do": "insert_after", "text": f"- Wanted: {', Wanted: '.join(words[: at + 1])}"}
                    ],
                }
                for at in range(int(asked[1]))
            ]
        }
    if rows and "label" in rows[0]:
        words = [row["title"].split()[-1] for row in rows if row["label"].startswith("to be contacted")]
        mend = ", ".join(f"Wanted: {word}" for word in words) or "Wanted: nobody"
        return {"points": [{"wrong": f"{len(rows)} leads were judged wrongly.", "mend": mend}]}
    return None


ERRORS = {
    "error_500": (500, {"message": "The server had an error."}),
    "rate": (429, {"message": "Rate limit reached.", "code": "rate_limit_exceeded"}),
    "rate_long": (429, {"message": "Limit of the day reached.", "code": "rate_limit_exceeded"}),
    "limit": (429, {"message": "Rate limit reached.", "code": "rate_limit_exceeded"}),
    "quota": (429, {"message": "You exceeded your current quota.", "code": "insufficient_quota"}),
    "no_room": (429, {"message": "Resource unavailable.", "code": "resource_unavailable"}),
    "no_tier": (400, {"message": "Invalid service_tier argument.", "param": "service_tier"}),
    "auth": (401, {"message": "Incorrect API key provided.", "code": "invalid_api_key"}),
    "no_model": (404, {"message": "The model does not exist.", "code": "model_not_found"}),
    "bad_request": (400, {"message": "Invalid value for messages."}),
    "too_long": (400, {"message": "Too long.", "code": "context_length_exceeded"}),
    "too_long_here": (400, {"message": "request (20031 tokens) exceeds the available context size (8192 tokens)"}),
    "no_such_schema": (400, {"message": "JSON schema error at #/properties/a: unrecognized type foo"}),
    "no_json_schema": (400, {"message": "response_format json_schema is not supported."}),
    "no_json_object": (400, {"message": "'response_format' is not supported."}),
    "no_temperature": (400, {"message": "'temperature' does not support 0.1 with this model."}),
    "no_max_tokens": (400, {"message": "'max_tokens' is not supported. Use 'max_completion_tokens' instead."}),
}
