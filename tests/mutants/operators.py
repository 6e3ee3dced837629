"""PURE: small faults put into the syntax tree of a module, one at a time. Sentences are left alone.

The operators are the usual ones of mutation testing (comparison, boolean, arithmetic, constant, condition, return
value, statement), and two that permissions need: an element left out of a table, a condition left out of a query.
Not touched: annotations, decorators, imports, docstrings, ``__all__`` and Chinese texts (a text has a reader).
"""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass, replace

COMPARISONS = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
OPPOSITES = {"min": "max", "max": "min", "any": "all", "all": "any"}
QUERIES = {"filter", "exclude", "get", "update"}
LONGEST = 110  # characters of a described piece of code
Path = tuple[tuple[str, int | None], ...]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault: where it is (``place``: qualified name of the function, or "module"), and what becomes what.

    ``is_inside``: within the body of a function, and not when the module is imported.
    """

    path: Path
    variant: int
    line: int
    place: str
    change: str
    is_inside: bool
    module: str = ""


def mutants_of(source: str, module: str = "") -> list[Mutant]:
    """Every mutant of a module (its path), in the order of the source.

    >>> [mutant.change for mutant in mutants_of("def f(a):\\n    return a < 3")]
    ['return a < 3 => return None', 'a < 3 => a <= 3', 'a < 3 => a >= 3', 'a < 3 => a < 4']
    """
    return [replace(mutant, module=module) for mutant in _walk(_parsed(source), (), [], False)]


def mutated(source: str, mutant: Mutant) -> ast.Module:
    """The module's tree with this one fault in it."""
    tree = _parsed(source)
    owner, node = None, tree
    for step in mutant.path:
        owner, node, last = node, _follow(node, step), step
    name, index = last
    changed = ast.copy_location(list(_variants(node, owner, name))[mutant.variant], node)
    if index is None:
        setattr(owner, name, changed)
    else:
        getattr(owner, name)[index] = changed
    return ast.fix_missing_locations(tree)


def _parsed(source: str) -> ast.Module:
    """The tree; the returns of functions that answer True or False are marked."""
    tree = ast.parse(source)
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and function.returns and ast.unparse(function.returns) == "bool":
            for node in ast.walk(function):
                node.answers = isinstance(node, ast.Return)
    return tree


def _follow(node: ast.AST, step: tuple[str, int | None]) -> ast.AST:
    name, index = step
    return getattr(node, name) if index is None else getattr(node, name)[index]


def _walk(node: ast.AST, path: Path, names: list[str], is_inside: bool) -> Iterator[Mutant]:
    """The mutants of everything below a node; ``names`` are the functions and classes around it."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        names = [*names, node.name]
    for name, index, child in _children(node):
        here = (*path, (name, index))
        inside = is_inside or (isinstance(node, ast.FunctionDef) and name == "body")
        for number, changed in enumerate(_variants(child, node, name)):
            change = _described(child, changed, node)
            yield Mutant(
                here, number, getattr(child, "lineno", None) or node.lineno, ".".join(names) or "module", change, inside
            )
        yield from _walk(child, here, names, inside)


def _children(node: ast.AST) -> Iterator[tuple[str, int | None, ast.AST]]:
    """The parts of a node that may be mutated, with their places in it."""
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list", "bases"}:
            continue
        if isinstance(value, ast.AST):
            parts = [(None, value)]
        else:
            parts = list(enumerate(value)) if isinstance(value, list) else []
        for index, part in parts:
            if isinstance(part, ast.AST) and not _is_left_alone(part):
                yield name, index, part


def _is_left_alone(node: ast.AST) -> bool:
    if isinstance(node, ast.Import | ast.ImportFrom | ast.JoinedStr):
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True  # a docstring
    if isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'":
        return True
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"


def _described(old: ast.AST, new: ast.AST, owner: ast.AST) -> str:
    """What becomes what, as source text; a constant is shown with the expression around it."""
    if isinstance(old, ast.Constant) and isinstance(owner, ast.expr | ast.keyword):
        around = copy.copy(owner)
        for name, value in ast.iter_fields(owner):
            if value is old:
                setattr(around, name, new)
            elif isinstance(value, list):
                setattr(around, name, [new if part is old else part for part in value])
        old, new = owner, around
    return f"{_text(old)} => {_text(new)}"


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.keyword):
        return f"{node.arg}={_text(node.value)}"
    text = ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).split("\n")[0]
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _with(node: ast.AST, **changes) -> ast.AST:
    changed = copy.copy(node)
    for name, value in changes.items():
        setattr(changed, name, value)
    return changed


def _negated(test: ast.expr) -> ast.expr:
    return ast.UnaryOp(op=ast.Not(), operand=test)


def _without(parts: list, place: int) -> list:
    return [*parts[:place], *parts[place + 1 :]]


def _variants(node: ast.AST, owner: ast.AST, field: str) -> Iterator[ast.AST]:
    """What may stand instead of a node; the order never changes, so that a variant has a number."""
    if isinstance(node, ast.expr):
        yield from _of_expression(node, owner, field)
    elif isinstance(node, ast.stmt):
        yield from _of_statement(node)
    elif isinstance(node, ast.comprehension):
        for place in range(len(node.ifs)):
            yield _with(node, ifs=_without(node.ifs, place))


def _of_expression(node: ast.expr, owner: ast.AST, field: str) -> Iterator[ast.AST]:
    match node:
        case ast.Compare():
            for place, old in enumerate(node.ops):
                for new in COMPARISONS[type(old)]:
                    yield _with(node, ops=[*node.ops[:place], new(), *node.ops[place + 1 :]])
        case ast.BoolOp():
            yield _with(node, op=ast.And() if isinstance(node.op, ast.Or) else ast.Or())
            for place in range(len(node.values)):
                rest = _without(node.values, place)
                yield rest[0] if len(rest) == 1 else _with(node, values=rest)
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield node.operand
        case ast.BinOp() if type(node.op) in ARITHMETIC:
            yield _with(node, op=ARITHMETIC[type(node.op)]())
        case ast.IfExp():
            yield _with(node, test=_negated(node.test))
        case ast.Constant():
            yield from _of_constant(node)
        case ast.Call():
            yield from _of_call(node)
        case ast.Set() | ast.List() if isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            for place in range(len(node.elts)):
                yield _with(node, elts=_without(node.elts, place)) if len(node.elts) > 1 else _empty(node)
        case ast.Tuple() if isinstance(node.ctx, ast.Load) and field == "value" and isinstance(owner, ast.Assign):
            for place in range(len(node.elts)):
                yield _with(node, elts=_without(node.elts, place))
        case ast.Dict():
            for place in range(len(node.keys)):
                yield _with(node, keys=_without(node.keys, place), values=_without(node.values, place))


def _empty(node: ast.Set | ast.List) -> ast.expr:
    return (
        ast.Call(func=ast.Name("set", ast.Load()), args=[], keywords=[])
        if isinstance(node, ast.Set)
        else _with(node, elts=[])
    )


def _of_constant(node: ast.Constant) -> Iterator[ast.AST]:
    if isinstance(node.value, bool):
        yield _with(node, value=not node.value)
    elif isinstance(node.value, int):
        yield _with(node, value=node.value + 1)
    elif isinstance(node.value, str) and node.value.isascii():
        yield _with(node, value=node.value + "_")


def _of_call(node: ast.Call) -> Iterator[ast.AST]:
    match node.func:
        case ast.Name(id=name) if name in OPPOSITES:
            yield _with(node, func=ast.Name(OPPOSITES[name], ast.Load()))
        case ast.Attribute(attr=name) if name in QUERIES:
            for place in range(len(node.keywords)):
                yield _with(node, keywords=_without(node.keywords, place))


def _of_statement(node: ast.stmt) -> Iterator[ast.AST]:
    match node:
        case ast.If() | ast.While():
            yield _with(node, test=_negated(node.test))
        case ast.Return(value=value) if value is not None:
            yield from _of_return(node)
        case ast.Raise() | ast.Expr() | ast.AugAssign():
            yield ast.Pass()
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield ast.Pass()
        case ast.Continue():
            yield ast.Break()
        case ast.Break():
            yield ast.Continue()
    if isinstance(node, ast.AugAssign) and type(node.op) in ARITHMETIC:
        yield _with(node, op=ARITHMETIC[type(node.op)]())


def _of_return(node: ast.Return) -> Iterator[ast.AST]:
    """None instead of a value; instead of an answer that is True or False, both of them."""
    for answer in (True, False) if getattr(node, "answers", False) else (None,):
        if not (isinstance(node.value, ast.Constant) and node.value.value is answer):
            yield _with(node, value=ast.Constant(answer))
