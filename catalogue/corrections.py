"""Corrections: the words by which an article says that it was corrected."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

# How a correction begins, in the languages in which outlets write: a label at the start of a paragraph.
_LABELS = "|".join((
    "corrections?|corrected|clarifications?|errat(?:um|a)|editor[’'`]?s[’'`]? note|note to (?:our )?readers",
    "berichtigung|korrektur|richtigstellung|klarstellung|korrigiert|(?:anmerkung|hinweis) der redaktion",
    "rectificati(?:f|on)|correctif|précision|mise au point|note de la rédaction|ndlr",
    "correcci(?:ón|ones)|rectificación|aclaración|fe de err(?:ores|atas)|nota (?:de la redacción|del editor)",
    "correção|retificação|nota d[ao] (?:redação|editor)",
    "correzione|rettifica|precisazione|errata corrige|nota (?:della redazione|del direttore)",
    "rectificatie|correctie|rättelse|rettelse|korrektion|oikaisu|sprostowanie|korekta|oprava|helyreigazítás",
    "исправлени[ея]|исправлено|поправка|уточнение|опровержение|(?:от|примечание) редакции",
    "виправлення|виправлено|(?:від|примітка) редакції|исправка|ispravka|ispravak",
    "διόρθωση|διευκρίνιση|düzeltme|tekzip|تصحيح|تصويب|اصلاحیه|תיקון|koreksi|ralat",
    "更正|勘误|勘誤|订正|訂正|정정",
))  # fmt: skip
_LABEL = re.compile(
    rf"\W*(?:{_LABELS})(?:\s*[(（][^)）]{{0,60}}[)）]|,[^:：.]{{0,40}})?\s*(?:[:：]|[—–-]\s|\.\s|\.?$)", re.IGNORECASE
)
# What a correction says, wherever it stands.
_SAYING = re.compile(
    r"(?:earlier|previous|original) version of th(?:is|e) (?:article|story|report|headline|piece)"
    r"|this (?:article|story|report|headline|piece) (?:has been|was) (?:corrected|amended|clarified)"
    r"|\(corrects "
    r"|in einer (?:früheren|vorherigen|ersten) (?:version|fassung)"
    r"|(?:artikel|text|beitrag) wurde (?:nachträglich )?(?:korrigiert|berichtigt)"
    r"|une (?:première|précédente) version de (?:cet|ce)|une version (?:antérieure|précédente) de (?:cet|ce)"
    r"|una versión (?:anterior|previa) de est|una versione precedente di quest|uma versão anterior dest"
    r"|в предыдущей версии|у попередній версії",
    re.IGNORECASE,
)


def corrections(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The notes of correction that the newer version of an article has, and the older had not."""
    held = set(_notes(before))
    return [note for note in _notes(after) if note not in held]


def _notes(article: Mapping[str, Any]) -> list[str]:
    texts = [article["title"] or "", *article["text"].split("\n\n")]
    plain = (" ".join(text.split()) for text in texts)
    return [text for text in plain if _LABEL.match(text) or _SAYING.search(text)]
