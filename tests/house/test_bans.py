"""What no line of the product may hold: ways round the forms, the escaping, and the query's own quoting."""

import ast
from functools import cache

import pytest

from tests.house.sources import name_of, python, templates, without_comments

#: What comes from outside; a value of one of these must not name columns or be believed.
OUTSIDE = {"request", "POST", "GET", "FILES", "COOKIES", "headers", "META", "cleaned_data", "data"}
ORDERS = {
    "order_by",
    "filter",
    "exclude",
    "get",
    "annotate",
    "alias",
    "aggregate",
    "values",
    "values_list",
    "only",
    "defer",
}
#: Calls that are excused, each with its reason.
EXCUSED = {
    ("peerworks/audit/models.py", "annotate(**)"): "the name is written in the line above",
}


@cache
def calls():
    """(file, call, name of what is called) of every call of the product: read when a test asks, and once."""
    return list(_calls())


def _calls():
    for path in python():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                called = node.func
                name = (
                    called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
                )
                yield name_of(path), node, name


def names_in(node):
    """Every name and attribute inside an expression."""
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            yield each.id
        elif isinstance(each, ast.Attribute):
            yield each.attr


def from_outside(node):
    """Whether an expression holds something that a request brought."""
    return bool(OUTSIDE & set(names_in(node)))


def spread(call):
    """The values that a call takes as `**names`."""
    return [each.value for each in call.keywords if each.arg is None]


def places(is_bad):
    """Where a call stands that must not; those that are excused are left out."""
    return [
        f"{file}:{call.lineno} {name}"
        for file, call, name in calls()
        if is_bad(call, name) and (file, f"{name}(**)") not in EXCUSED
    ]


def test_no_row_is_made_from_a_request():
    """AZ-7: no `Model(**request.POST)`, whatever is called, but for operations, which name what they take."""
    assert (
        places(lambda call, name: name != "run_operation" and any(map(from_outside, spread(call))))
        == []
    )


def test_no_form_takes_all_fields_of_a_model():
    """AZ-7: no `fields = "__all__"`, no form that is made of a model's columns or leaves some out."""
    bad = []
    for path in python():
        for node in ast.walk(ast.parse(path.read_text())):
            named = [each.id for each in getattr(node, "targets", ()) if isinstance(each, ast.Name)]
            if isinstance(node, ast.Assign) and {"fields", "exclude"} & set(named):
                if isinstance(node.value, ast.Constant) and node.value.value == "__all__":
                    bad.append(f"{name_of(path)}:{node.lineno}")
            if isinstance(node, ast.ClassDef) and any(
                "ModelForm" in set(names_in(each)) for each in node.bases
            ):
                bad.append(f"{name_of(path)}:{node.lineno} a ModelForm")
    bad += places(
        lambda _, name: (
            name in {"modelform_factory", "modelformset_factory", "inlineformset_factory"}
        )
    )
    assert bad == []


@pytest.mark.parametrize(
    "name", ["raw", "extra", "RawSQL", "mark_safe", "SafeString", "SafeText", "mark_for_escaping"]
)
def test_nobody_calls(name):
    """IN-1, IN-2: HTML that is believed, and SQL that is written by hand into a query."""
    assert places(lambda _, called: called == name) == []


def test_no_request_names_a_column():
    """IN-2: what is asked for never becomes the name of a column, of a lookup or of an order."""
    named = places(
        lambda call, name: (
            name in ORDERS
            and isinstance(call.func, ast.Attribute)
            and (
                any(from_outside(each) for each in spread(call))
                or (
                    name in {"order_by", "values", "values_list", "only", "defer"}
                    and any(map(from_outside, call.args))
                )
            )
        )
    )
    computed = places(lambda call, name: name in {"annotate", "alias"} and bool(spread(call)))
    assert named + computed == []


def test_markup_is_made_from_a_text_that_stands_in_the_code():
    """IN-1: `format_html` escapes its values, so its text must be a constant."""
    assert (
        places(
            lambda call, name: (
                name in {"format_html", "format_html_join"}
                and not all(
                    isinstance(each, ast.Constant)
                    for each in call.args[: 2 if "join" in name else 1]
                )
            )
        )
        == []
    )


def test_no_statement_is_put_together_from_a_request():
    """IN-2: SQL by hand takes its values as parameters."""
    assert (
        places(
            lambda call, name: name == "execute" and bool(call.args) and from_outside(call.args[0])
        )
        == []
    )


def test_no_template_believes_a_text():
    """IN-1: no `safe` filter and no `autoescape off`, in whatever template, mails included."""
    banned = ("|safe", "| safe", "autoescape off", "safeseq")
    assert [
        path.name
        for path in templates()
        if any(b in without_comments(path.read_text()) for b in banned) and path.suffix == ".html"
    ] == []


@pytest.mark.parametrize(
    ("code", "is_bad"),
    [
        ("Course(**request.POST)", True),
        ("Course(**form.cleaned_data)", True),
        ("Course(**told)", False),
        ("rows.filter(**self.request.GET.dict())", True),
    ],
)
def test_the_search_finds_what_it_looks_for(code, is_bad):
    call = ast.parse(code, mode="eval").body
    assert any(from_outside(each) for each in spread(call)) is is_bad
