import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from posture_check.reports.terminal import EncodedOut, print_result, what_to_do
from posture_check.rules.result import Figure, Limit, Reason, Segment, Text, Verdict
from tests.reports.make import make_check, make_result

HINT = Text(zh="请侧身对着镜头", en="turn side-on")
FIX = Text(zh="请放平左肩", en="Lower your left shoulder a little")


def shown(result, lang="en", width=80):
    console = Console(file=io.StringIO(), width=width, highlight=False)
    print_result(result, lang, console)
    return console.file.getvalue()


@pytest.fixture
def mixed():
    return make_result(
        [
            make_check(
                "ST-02",
                Verdict.FAIL,
                value=5.1,
                error=0.4,
                unit="deg",
                limit=Limit(min=-3.2, max=3.2),
                fix=FIX,
            ),
            make_check("ST-03.fore", Verdict.NOT_ASSESSED, reason=Reason.VIEW, hint=HINT),
            make_check("ST-05", Verdict.BORDERLINE, value=163.0, error=3.0, unit="deg", limit=Limit(min=164)),
            make_check("ST-10", Verdict.PASS),
            make_check("ST-15", Verdict.FAIL, required=False),
        ],
        Verdict.FAIL,
    )


def row(text, clause):
    return next(line for line in text.splitlines() if clause in line)


def test_each_check_has_a_row_with_its_sign_value_error_and_limit(mixed):
    text = shown(mixed)
    assert row(text, "ST-02").split() == ["✗", "ST-02", "Shoulders", "level", "5.1", "±", "0.4°", "±", "3.2°"]
    assert row(text, "ST-03").split()[0] == "–"
    assert row(text, "ST-05").split()[0] == "~"
    assert row(text, "ST-10").split()[0] == "✓"


def test_rows_keep_the_order_of_the_document(mixed):
    text = shown(mixed)
    places = [text.index(f" {check.clause} ") for check in mixed.checks]
    assert places == sorted(places)


def test_what_to_do_stands_below_the_check(mixed):
    lines = shown(mixed).splitlines()
    at = next(i for i, line in enumerate(lines) if "ST-02" in line)
    assert "→ Lower your left shoulder a little" in lines[at + 1]


def test_the_closing_tells_verdict_counts_and_what_was_not_judged(mixed):
    text = shown(mixed)
    assert "✗ FAIL   ✓ 1 pass  ✗ 2 fail  ~ 1 borderline  – 1 not assessed" in text
    assert list(what_to_do(mixed, "en")) == [
        "Put right ST-02, then check again.",
        "Still to be judged, and so not passed:",
        "– ST-03: turn side-on",
    ]


def test_advice_that_fails_is_not_among_what_must_be_put_right(mixed):
    assert "ST-15" not in " ".join(what_to_do(mixed, "en"))


def test_a_wide_terminal_writes_the_verdict_beside_its_sign(mixed):
    assert row(shown(mixed, width=120), "ST-02").startswith(" ✗ fail")
    assert "fail" not in row(shown(mixed, width=80), "ST-02")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [80, 100, 120, 200])
def test_no_line_is_wider_than_the_terminal_and_columns_stay_aligned(mixed, lang, width):
    text = shown(mixed, lang, width)
    assert max(cell_len(line) for line in text.splitlines()) <= min(width, 120)
    ends = {cell_len(line.rstrip()) for line in text.splitlines() if "± 3.2°" in line or "≥ 164°" in line}
    assert len(ends) == 1


def test_the_chinese_table_has_no_english_words(mixed):
    text = shown(mixed, "zh")
    assert "双肩端平" in text
    assert "请放平左肩" in text
    assert "请侧身对着镜头" in text
    for word in ("clause", "limit", "fail", "role", "assessed"):
        assert word not in text


def test_a_reason_that_many_share_is_told_once():
    checks = [make_check(f"ST-{i:02}", Verdict.NOT_ASSESSED, reason=Reason.VIEW) for i in range(1, 9)]
    text = shown(make_result(checks, Verdict.INCOMPLETE))
    assert text.count("wrong camera angle") == 1
    assert "– ST-01, ST-02, ST-03, ST-04, ST-05, ST-06, ST-07, ST-08: wrong camera angle" in " ".join(text.split())


def test_a_reason_that_is_not_told_below_stays_with_its_check():
    optional = [
        make_check(f"ST-{i:02}", Verdict.NOT_ASSESSED, reason=Reason.NO_PERSON, required=False) for i in range(1, 9)
    ]
    assert shown(make_result(optional, Verdict.INCOMPLETE)).count("no person seen") == 8


def test_a_clause_of_several_rules_is_named_by_the_rule():
    checks = [
        make_check("ST-01.pitch"),
        make_check("ST-01.yaw", Verdict.FAIL),
        make_check("ST-02", Verdict.FAIL),
    ]
    assert "Put right ST-01.yaw, ST-02, then check again." in shown(make_result(checks, Verdict.FAIL))


def test_people_get_a_table_each():
    checks = [make_check("ST-02", person=0), make_check("ST-02", person=2)]
    text = shown(make_result(checks))
    assert "person 0 · standing" in text
    assert "person 2 · standing" in text


def test_notes_about_the_source_are_shown():
    assert "note: the file is cut off" in shown(make_result([], notes=["the file is cut off"]))


def test_square_brackets_in_a_name_are_printed_as_they_are():
    assert "a[bold]b.mp4" in shown(make_result([make_check()], path="a[bold]b.mp4"))


@pytest.mark.parametrize(("encoding", "sign"), [("ascii", "x"), ("gbk", "×"), ("utf-8", "✗")])
def test_a_terminal_without_our_signs_gets_stand_ins_and_never_an_error(mixed, encoding, sign):
    raw = io.BytesIO()
    out = EncodedOut(io.TextIOWrapper(raw, encoding=encoding, newline="\n"))
    print_result(mixed, "zh", Console(file=out, width=80, highlight=False))
    out.flush()
    assert row(raw.getvalue().decode(encoding), "ST-02").split()[0] == sign


def test_what_is_done_when_is_told_in_the_header(mixed):
    mixed.segments = [
        Segment(posture="standing", person=0, start_s=0.0, end_s=3.14),
        Segment(posture="walking", person=0, start_s=3.2, end_s=8.0),
        Segment(posture="sitting", person=1, start_s=0.0, end_s=8.0),
    ]
    out = shown(mixed, width=120)
    assert "standing 0.0–3.1 · walking 3.2–8.0 s" in out
    assert "sitting" not in out  # person 1 is not judged


def test_further_figures_stand_below_their_check():
    figures = {"upper_arm_swing_left": Figure(value=21.6, error=2.4, unit="deg")}
    out = shown(make_result([make_check("WA-02.left", value=33.0, error=2.0, unit="deg", figures=figures)]), width=120)
    assert "upper arm swing left 21.6 ± 2.4°" in out


def test_a_posture_of_which_nothing_was_seen_has_no_table():
    nobody = [make_check(f"ST-0{i}", Verdict.NOT_ASSESSED, reason=Reason.NO_PERSON) for i in range(1, 8)]
    out = shown(make_result(nobody, Verdict.INCOMPLETE))
    assert "Shoulders level" not in out
    assert "standing: no person seen" in out
    nobody[0] = make_check("ST-01", Verdict.PASS)
    assert "Shoulders level" in shown(make_result(nobody, Verdict.INCOMPLETE))


def test_what_a_person_answers_or_the_site_has_not_enrolled_stands_below_the_table_and_not_in_it():
    manual = make_check(
        "AC-01", Verdict.NOT_ASSESSED, posture="grooming", required=False, reason=Reason.MANUAL,
        title=Text(zh="饰品", en="Jewellery"), hint=Text(zh="请人工检查", en="To be checked by a person"),
    )  # fmt: skip
    issued = make_check(
        "TI-01.issued", Verdict.NOT_ASSESSED, posture="grooming", required=False, reason=Reason.NOT_ENROLLED,
        title=Text(zh="统一领带", en="Issued tie"), hint=Text(zh="未登记", en="Not enrolled"),
    )  # fmt: skip
    tie = make_check("TI-01", posture="grooming", value=0.98, error=0.1, unit="probability", limit=Limit(min=0.5))
    text = shown(make_result([manual, issued, tie]), width=100)
    table, closing = text.split("✓ PASS")
    assert "TI-01" in table
    assert "98 ± 10%" in table
    assert "≥ 50%" in table
    assert "Jewellery" not in table
    assert "Issued tie" not in table
    assert "To be checked by a person: Jewellery (AC-01)" in closing
    assert "Not enrolled: Issued tie (TI-01)" in closing
    assert "请人工检查：饰品（AC-01）" in shown(make_result([manual, issued, tie]), "zh", 100)
