"""Where each of our columns stands in a file: by its heading, by a synonym, by what it holds, or as
a person says. No place is given twice, and what a heading says is never overruled by a guess.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lib.model.errors import AppError, Reason
from lib.model.heading import plain, words
from lib.model.reading import NO_HEADING, Choice, Columns, Found
from lib.store.pack import holding, synonyms
from lib.store.pack.files import PackFile

_GUESSED_AMONG = 200  # columns that no heading explains: more aren't looked into

Rows = Sequence[Sequence[str]]  # the first ones under the heading
Automatic = tuple[Columns, tuple[Found, ...]]


@dataclass
class _Places:
    """What is found so far, by our columns' names."""

    at: dict[str, int] = field(default_factory=dict)
    how: dict[str, Found] = field(default_factory=dict)

    def take(self, column: str, place: int, how: Found) -> None:
        self.at[column], self.how[column] = place, how

    def is_taken(self, place: int) -> bool:
        return place in self.at.values()

    def told(self, pack_file: PackFile) -> Automatic:
        names = [c.name for c in pack_file.columns]
        columns = tuple((name, self.at.get(name)) for name in names)
        return columns, tuple(self.how.get(name, Found.ABSENT) for name in names)


def by_themselves(titles: Sequence[str], rows: Rows, pack_file: PackFile) -> Automatic:
    """Where the columns stand by all that can be seen."""
    places = _Places()
    _by_heading(places, titles, rows, pack_file)
    _by_content(places, titles, rows, pack_file)
    return places.told(pack_file)


def by_name(titles: Sequence[str], pack_file: PackFile) -> Automatic:
    """By our own headings alone, however they are spelled: for what programs write."""
    places = _Places()
    for column in pack_file.columns:
        ranks = {at: synonyms.rank(t, column.name, column.heading) for at, t in enumerate(titles)}
        _take_best(places, column.name, {at: r for at, r in ranks.items() if r in (0, 1)})
    return places.told(pack_file)


def by_order(width: int, pack_file: PackFile) -> Automatic:
    """Without a heading: in the template's order, as far as the columns go."""
    places = _Places()
    for at, column in enumerate(pack_file.columns[:width]):
        places.take(column.name, at, Found.ORDER)
    return places.told(pack_file)


def without_heading(width: int, rows: Rows, pack_file: PackFile) -> Automatic:
    """In the template's order when what they hold agrees with it; else the keys first, as in the
    template, and the others by what they hold."""
    ordered = by_order(width, pack_file)
    told = [(name, at) for name, at in ordered[0] if name in holding.TELLS]
    if all(at is not None and holding.may_be(name, _under(at, rows)) for name, at in told):
        return ordered
    others = _Places()
    for at, column in enumerate(pack_file.columns[:2]):
        if any(holding.fits(name, _under(at, rows)) for name in holding.TELLS):
            return ordered
        others.take(column.name, at, Found.ORDER)
    _by_content(others, [""] * width, rows, pack_file)
    return others.told(pack_file) if all(name in others.at for name, _ in told) else ordered


def as_chosen(
    titles: Sequence[str], automatic: Automatic, pack_file: PackFile, choice: Choice
) -> Automatic:
    """The same after a person's word. Raises AppError(BAD_COLUMN)."""
    if choice.columns is not None:
        return _laid_over(automatic, _sound(dict(choice.columns), titles, pack_file), pack_file)
    if choice.named:
        said = dict(_resolved(name, title, titles, pack_file) for name, title in choice.named)
        return _laid_over(automatic, _sound(said, titles, pack_file), pack_file)
    return automatic


def missing(columns: Columns, pack_file: PackFile, *, all_of_them: bool = False) -> list[str]:
    """The headings of our columns that an import can't do without, or any, and aren't there."""
    places = dict(columns)
    needed = (c for c in pack_file.columns if all_of_them or not c.optional)
    return [c.heading for c in needed if places.get(c.name) is None]


# ---- by itself ---------------------------------------------------------------------------------


def _by_heading(places: _Places, titles: Sequence[str], rows: Rows, pack_file: PackFile) -> None:
    """The best names first, whosever they are: so a title that two columns might mean goes to the
    one that it names better."""
    named: dict[str, dict[int, float]] = {}
    for column in pack_file.columns:
        ranks = {}
        for at, title in enumerate(titles):
            if (rank := _rank(at, title, column.name, column.heading, rows)) is not None:
                ranks[at] = rank
        named[column.name] = ranks
    for name in sorted(named, key=lambda name: min(named[name].values(), default=9)):
        _take_best(places, name, named[name])


def _rank(at: int, title: str, column: str, heading: str, rows: Rows) -> float | None:
    if synonyms.is_secret(title):
        return None
    if (sure := synonyms.rank(title, column, heading)) is not None:
        return sure
    perhaps = synonyms.perhaps(title, column)
    return perhaps if perhaps is not None and holding.fits(column, _under(at, rows)) else None


def _take_best(places: _Places, column: str, ranks: Mapping[int, float | None]) -> None:
    free = {at: r for at, r in ranks.items() if r is not None and not places.is_taken(at)}
    if not free:
        return
    best = min(free.values())
    at = [place for place, r in free.items() if r == best]
    if len(at) > 1:
        places.how[column] = Found.DOUBLED
    else:
        places.take(column, at[0], Found.NAME if best < 2 else Found.SYNONYM)


def _by_content(places: _Places, titles: Sequence[str], rows: Rows, pack_file: PackFile) -> None:
    """Where only one column can be one of ours, and only that one of ours."""
    ours = {column.name for column in pack_file.columns} - set(places.at) - set(places.how)
    unknown = [name for name in holding.GUESSED if name in ours]
    free = [
        at
        for at, title in enumerate(titles)
        if not places.is_taken(at)
        and not synonyms.is_other(title)
        and not synonyms.is_covered(title)
    ][:_GUESSED_AMONG]
    under = {at: _under(at, rows) for at in free}
    fit = {name: [at for at in free if holding.fits(name, under[at])] for name in unknown}
    for name in unknown:
        alone = len(fit[name]) == 1
        if alone and not any(fit[name][0] in fit[other] for other in unknown if other != name):
            places.take(name, fit[name][0], Found.CONTENT)


def _under(at: int, rows: Rows) -> list[str]:
    return [row[at] for row in rows if at < len(row)]


# ---- a person's word ---------------------------------------------------------------------------


def _laid_over(
    automatic: Automatic, said: Mapping[str, int | None], pack_file: PackFile
) -> Automatic:
    """What was said, and for the rest what was found, but in no place that was said."""
    columns, found = automatic
    places = _Places()
    taken = {at for at in said.values() if at is not None}
    for (name, at), how in zip(columns, found, strict=True):
        if name in said:
            now = said[name]
            as_found = now == at and how is not Found.DOUBLED
            places.how[name] = how if as_found else Found.PERSON
            if now is not None:
                places.at[name] = now
        elif at is not None and at not in taken:
            places.take(name, at, how)
        elif at is None:
            places.how[name] = how
    return places.told(pack_file)


def _sound(
    said: Mapping[str, int | None], titles: Sequence[str], pack_file: PackFile
) -> Mapping[str, int | None]:
    """Raises AppError(BAD_COLUMN) when a place is said twice, isn't there, or holds CDAs."""
    shown = {column.name: column.heading for column in pack_file.columns}
    seen: set[int] = set()
    for ours, at in said.items():
        if at is None:
            continue
        name = shown.get(ours, ours)
        if not 0 <= at < len(titles):
            raise _bad(name, str(at + 1), "no hay tantas columnas")
        if synonyms.is_secret(titles[at]):
            raise _bad(name, titles[at], "los CDA no se importan")
        if at in seen:
            raise _bad(name, titles[at], "esa columna ya es otro dato")
        seen.add(at)
    return said


def _resolved(
    name: str, title: str, titles: Sequence[str], pack_file: PackFile
) -> tuple[str, int | None]:
    """Our column and the place of a heading that are written as a person writes them."""
    ours = [c for c in pack_file.columns if name == c.name or words(name) == words(c.heading)]
    if not ours:
        known = ", ".join(c.heading for c in pack_file.columns)
        raise _bad(name, title, f"los datos son {known}")
    if not title.strip():
        return ours[0].name, None
    at = [i for i, found in enumerate(titles) if plain(found) == plain(title)]
    if title.startswith("#") and title[1:].isdecimal():
        at = [int(title[1:]) - 1]
    if len(at) != 1:
        why = "ese encabezado está dos veces; di cuál con #N" if at else "ese encabezado no está"
        raise _bad(name, title, why)
    return ours[0].name, at[0]


def _bad(name: str, title: str, why: str) -> AppError:
    return AppError(Reason.BAD_COLUMN, column=name, heading=title, why=why)


def heading_names(titles: Sequence[str], heading_line: int) -> tuple[str, ...]:
    """The headings as written; numbers where there is none."""
    if heading_line == NO_HEADING:
        return tuple(f"Columna {n}" for n in range(1, len(titles) + 1))
    return tuple(titles)
