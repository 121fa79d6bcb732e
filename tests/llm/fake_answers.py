"""What the fake server says: its fixed judgement of titles, and every way to say that something went wrong."""

import hashlib
import json
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


_BLOCK = r"<{0}>\n(.*?)</{0}>"
_STEPS = re.compile(r"^Attempt ([0-9]+)\. Write the messages: ([0-9, ]+)$", re.MULTILINE)
WRITING_FAULTS = ("too_few", "too_many", "long_message")
"""What a writer does that keeps neither to the number of messages nor to their lengths."""
OTHER_WRITING_FAULTS = ("placeholder", "invents", "copies", "blank_message", "no_confidence")


def rows_between(said, tag):
    """The rows of a question between two marks."""
    found = re.findall(_BLOCK.format(tag), said, re.DOTALL)
    return [json.loads(line) for line in found[-1].splitlines()] if found else []


def of_outreach(said, fault=""):
    """An analysis of the facts of a prospect, or the messages that are asked for; None where it is about neither.

    The messages claim what stands in the facts and nothing else; formal ones say "I would", others "I'd". ``fault`` is
    one of ``WRITING_FAULTS`` or ``OTHER_WRITING_FAULTS``.
    """
    if "<facts>" not in said:
        return None
    facts = {row["name"]: row["value"] for row in rows_between(said, "facts")}
    title, company = facts.get("title", ""), facts.get("company", "")
    asked = _STEPS.search(said)
    if asked is None:
        role = f"{title} at {company}" if company else title
        return {
            "summary": f"Works as {role}." if title else "Little is known.",
            "role": title,
            "signals": [
                *([{"text": f"The title is {title}.", "rests": "title"}] if title else []),
                {"text": "May be looking for a way to save time.", "rests": "inferred"},
            ],
        }
    steps = [int(one) for one in asked[2].split(", ")]
    would = "I would" if "no contractions" in said else "I'd"
    steps = {"too_few": steps[:-1] or [99], "too_many": [*steps, max(steps) + 1]}.get(fault, steps)
    messages = [_message(step, facts, would) for step in steps]
    if fault == "long_message":
        messages[-1]["content"] += " We would be glad to hear what you think of it." * 12
    if fault == "placeholder":
        messages[0]["content"] += " Best, [Your Name]"
    if fault == "invents":
        messages[0]["content"] += (
            " Congratulations on raising $40 million last week, as your former boss at Zyxo told me."
        )
    if fault == "copies":
        messages = [{**one, "content": _message(1, facts, would)["content"]} for one in messages]
    if fault == "blank_message":
        messages[-1]["content"] = "  "
    if fault == "no_confidence":
        messages = [{**one, "confidence": wrong} for one, wrong in zip(messages, [7, "high"] * 5, strict=False)]
    return {"messages": messages, "summary": "I begin with the role and ask a question; then I let go."}


_LATER = (
    "like to ask once more what takes the most time in your team. Is that a subject for you?",
    "leave it here; a short answer is always welcome.",
    "be glad to show how it works, whenever it suits you.",
    "understand if there is no time for it now. Shall we talk later?",
    "also be happy with a plain no.",
    "like to know whom to ask, if not you.",
    "gladly send something to read instead of a call.",
    "rather ask than guess: is the subject of no use?",
    "say goodbye for now. Thank you for reading.",
)


def _message(step, facts, would):
    """A message of a step that names nothing but the facts."""
    name, title, company = (facts.get(one, "") for one in ("first_name", "title", "company"))
    hello = ("Dear" if would == "I would" else "Hi") + f" {name}," if name else "Hello,"
    work = (f"as {title}" if title else "in your work") + (f" at {company}" if company else "")
    text = f"how do you save time {work}? {would} be glad to hear it."
    if step > 1:
        text = f"{would} {_LATER[(step - 2) % len(_LATER)]}"
    return {"step": step, "content": f"{hello} {text}", "reasoning": "I ask rather than claim.", "confidence": 0.8}


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
