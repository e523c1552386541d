"""What is foreign in the artifacts, names of files and people above all, is no markup on Prefect's pages."""

from recovery.pipelines import artifacts


def test_each_refused_file_is_one_line_without_markup() -> None:
    told = artifacts.as_list(["a|b`<script>x</script>\n[c](d).fit: It is cut off.", "checks hold"])

    assert told.splitlines() == [
        r"- a\|b\`\<script\>x\<\/script\>\\n\[c\]\(d\)\.fit\: It is cut off\.",
        "- checks hold",
    ]


def test_nothing_refused_says_so() -> None:
    assert artifacts.as_list([]) == "Nothing was refused, and every check holds."


def test_texts_in_cells_are_escaped_and_numbers_stay() -> None:
    assert artifacts.as_cells([{"subject": "<img src=x>", "days": 3, "first": None}]) == [
        {"subject": r"\<img src\=x\>", "days": 3, "first": None}
    ]
