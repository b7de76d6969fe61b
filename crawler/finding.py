"""Finding: what CSS selectors name on one page, most of them without a walk through its tree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from crawler.markup import Element, select_all

_ATTRIBUTE = r"\[[\w-]+(?:=(?:[\w-]+|'[^'\s,]*'))?\]"
_COMPOUND = re.compile(rf"(?P<tag>[a-z][a-z0-9]*)?(?P<names>(?:[.#][\w-]+)*)(?P<attributes>(?:{_ATTRIBUTE})*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Compound:
    """One step of a selector, such as `p.intro`; `above` says how the step before stands to it: " " or ">"."""

    tag: str | None
    ids: tuple[str, ...]
    classes: tuple[str, ...]
    attributes: tuple[tuple[str, str], ...]
    above: str

    def fits(self, element: Element) -> bool:
        attributes = element.attrib
        return (
            (self.tag is None or element.tag == self.tag)
            and all(attributes.get("id") == one for one in self.ids)
            and (not self.classes or set(self.classes) <= set((attributes.get("class") or "").split()))
            and all(attributes.get(name) == value if value else name in attributes for name, value in self.attributes)
        )


class Finder:
    """A page's elements by class and id, looked up instead of searched for: XPath looks at every element anew."""

    def __init__(self, tree: Element) -> None:
        self._tree = tree
        self._places: dict[Element, int] = {}
        self._ids: dict[str, list[Element]] = {}
        named: dict[str, list[Element]] = {}  # whole attributes: a page repeats most of them many times
        self._alive = list(tree.iter("*"))
        for element in self._alive:
            if name := element.get("class"):
                if name in named:
                    named[name].append(element)
                else:
                    named[name] = [element]
            if name := element.get("id"):
                self._ids.setdefault(name, []).append(element)
        self._classes: dict[str, list[list[Element]]] = {}
        for name, elements in named.items():
            for word in _words(name):
                self._classes.setdefault(word, []).append(elements)

    def select(self, *selectors: str) -> list[Element]:
        """The elements that the first matching selector finds, in the page's order."""
        return next((found for one in selectors if (found := self._all(one))), [])

    def select_all(self, selectors: Sequence[str]) -> list[Element]:
        """The elements that any of these selectors find."""
        return self._all(", ".join(selectors)) if selectors else []

    def _all(self, selector: str) -> list[Element]:
        alternatives = _parsed(selector)
        if alternatives is None:
            return select_all(self._tree, selector)
        found = [elements for steps in alternatives if (elements := self._matching(steps))]
        return found[0] if len(found) == 1 else self._ordered(element for elements in found for element in elements)

    def _ordered(self, elements: Iterable[Element]) -> list[Element]:
        found = list(dict.fromkeys(elements))
        if len(found) > 1 and not self._places:
            self._places = {element: place for place, element in enumerate(self._alive)}
        return sorted(found, key=self._places.__getitem__) if len(found) > 1 else found

    def _of_class(self, name: str) -> list[Element]:
        """The elements of a class, in the page's order."""
        lists = self._classes.get(name, ())
        return lists[0] if len(lists) == 1 else self._ordered(element for one in lists for element in one)

    def _matching(self, steps: tuple[_Compound, ...]) -> list[Element]:
        last = steps[-1]
        if len(steps) == 1:
            return [one for one in self._candidates(last) if last.fits(one)]
        above = set(self._matching(steps[:-1]))
        if not above:
            return []
        if not last.ids and not last.classes:  # few stand under what was found, many on the page
            below = (one for root in above for one in (root if last.above == ">" else root.iterdescendants("*")))
            fitting = [one for one in below if last.fits(one)]
            return fitting if len(above) == 1 else self._ordered(fitting)
        return [one for one in self._candidates(last) if last.fits(one) and _stands_under(one, above, last)]

    def _candidates(self, step: _Compound) -> Iterable[Element]:
        if step.ids:
            return self._ids.get(step.ids[0], ())
        if step.classes:
            return self._of_class(step.classes[0])
        if step.tag is None and step.attributes:
            name = step.attributes[0][0]
            return (element for element in self._tree.iter("*") if element.get(name) is not None)
        return self._tree.iter(step.tag or "*")


def _stands_under(element: Element, above: set[Element], step: _Compound) -> bool:
    return element.getparent() in above if step.above == ">" else not above.isdisjoint(element.iterancestors())


@lru_cache(maxsize=8192)
def _words(names: str) -> frozenset[str]:
    """The names in a class attribute: a page repeats most of its attributes many times."""
    return frozenset(names.split())


@lru_cache(maxsize=1024)
def _parsed(selector: str) -> tuple[tuple[_Compound, ...], ...] | None:
    """The alternatives of a selector as steps; None for one that says more than these can."""
    alternatives = []
    for part in selector.split(","):
        steps: list[_Compound] = []
        above = " "
        for word in part.split():
            if word == ">":
                above = ">"
            elif match := _COMPOUND.fullmatch(word):
                steps.append(_compound(match, above))
                above = " "
            else:
                return None
        alternatives.append(tuple(steps))
    return tuple(alternatives)


def _compound(match: re.Match[str], above: str) -> _Compound:
    names = re.findall(r"([.#])([\w-]+)", match["names"])
    return _Compound(
        tag=match["tag"],
        ids=tuple(name for mark, name in names if mark == "#"),
        classes=tuple(name for mark, name in names if mark == "."),
        attributes=tuple(re.findall(r"\[([\w-]+)=?'?([^'\]]*)'?\]", match["attributes"])),
        above=above,
    )
