"""The icons: own drawings on a 24-unit grid, and the marks of the five states of an outcome on 16 units.

Strokes are drawn by the class `i` (1.7 wide, round ends), so a drawing holds shapes only.
"""

from typing import Final

ICONS: Final[dict[str, str]] = {
    "brand": '<path d="M19.5 12a7.5 7.5 0 1 1-3.2-6.1"/><path d="M8.5 12.2l2.6 2.6L20 6"/>',
    "today": '<path d="M4 10.5L12 4l8 6.5V19a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1z"/><path d="M9.5 20v-5.5h5V20"/>',
    "pathway": (
        '<circle cx="6" cy="18" r="2.2"/><circle cx="18" cy="6" r="2.2"/>'
        '<path d="M8.2 18H15a3 3 0 0 0 0-6H9a3 3 0 0 1 0-6h6.8"/>'
    ),
    "search": '<circle cx="10.5" cy="10.5" r="6"/><path d="M15 15l5 5"/>',
    "review": '<path d="M4 5h16v11H11l-4 4v-4H4z"/><path d="M9 10.5l2 2 4-4"/>',
    "release": '<path d="M12 20V6"/><path d="M6.5 11L12 5.5 17.5 11"/><path d="M4 3h16"/>',
    "outcomes": (
        '<circle cx="12" cy="12" r="8"/><circle cx="12" cy="12" r="3.5"/><path d="M12 2v3M12 19v3M2 12h3M19 12h3"/>'
    ),
    "library": (
        '<path d="M5 4h4v16H5zM9 4h4v16H9z"/><path d="M14.5 5.2l3.8-1 3.4 15-3.8 1z" transform="translate(-1 0)"/>'
    ),
    "guide": '<path d="M6 3h9l4 4v14H6z"/><path d="M15 3v4h4M9 12h7M9 16h5"/>',
    "checklist": (
        '<path d="M4 6l1.5 1.5L8 5M4 12l1.5 1.5L8 11M4 18l1.5 1.5L8 17M11.5 6.5H20M11.5 12.5H20M11.5 18.5H20"/>'
    ),
    "video": '<rect x="3" y="5" width="18" height="14" rx="2"/><path d="M10 9.2v5.6l5-2.8z"/>',
    "scenario": (
        '<path d="M12 20v-6M12 14C12 10 6 11 6 5M12 14c0-4 6-3 6-9"/>'
        '<path d="M3.5 7.5L6 5l2.5 2.5M15.5 7.5L18 5l2.5 2.5"/>'
    ),
    "practice": '<path d="M7 7h13v13H7z"/><path d="M4 17V4h13"/><path d="M10.5 13.5l2.2 2.2 4-4.2"/>',
    "link": (
        '<path d="M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.6-5.6L12 7.2"/>'
        '<path d="M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.6 5.6l1.4-1.4"/>'
    ),
    "tick": '<path d="M5 12.5l4.5 4.5L19 7"/>',
    "cross": '<path d="M6 6l12 12M18 6L6 18"/>',
    "warn": '<path d="M12 4L2.8 20h18.4z"/><path d="M12 10v4.5M12 17.3v.2"/>',
    "block": '<path d="M8 3h8l5 5v8l-5 5H8l-5-5V8z"/><path d="M9 9l6 6M15 9l-6 6"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.6v.2"/>',
    "unknown": (
        '<circle cx="12" cy="12" r="9"/><path d="M9.5 9.5a2.6 2.6 0 1 1 3.6 2.4c-.8.4-1.1 1-1.1 1.8M12 16.8v.2"/>'
    ),
    "flag": '<path d="M5 21V4M5 5c5-3 8 3 14 0v9c-6 3-9-3-14 0"/>',
    "pencil": '<path d="M4 20l1-4.5L16 4.5l3.5 3.5-11 11z"/><path d="M13.5 7l3.5 3.5"/>',
    "thumb-up": (
        '<path d="M7 11v9H4v-9z"/>'
        '<path d="M7 11l4-7c1.6 0 2.4 1 2.1 2.6L12.5 10H19a1.6 1.6 0 0 1 1.6 2l-1.6 6.6a2 2 0 0 1-2 1.4H7"/>'
    ),
    "thumb-down": (
        '<g transform="rotate(180 12 12)">'
        '<path d="M7 11v9H4v-9z"/>'
        '<path d="M7 11l4-7c1.6 0 2.4 1 2.1 2.6L12.5 10H19a1.6 1.6 0 0 1 1.6 2l-1.6 6.6a2 2 0 0 1-2 1.4H7"/>'
        "</g>"
    ),
    "eye": (
        '<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z"/>'
        '<circle cx="12" cy="12" r="2.8"/>'
    ),
    "code": '<path d="M8 7l-5 5 5 5M16 7l5 5-5 5"/>',
    "pause": '<path d="M8.5 5v14M15.5 5v14"/>',
    "back": '<path d="M9 5L4 10l5 5"/><path d="M4 10h10a5.5 5.5 0 0 1 0 11h-3"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.5 2"/>',
    "lock": '<rect x="5" y="11" width="14" height="9" rx="1.5"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "portal": '<rect x="3" y="4" width="18" height="16" rx="1.5"/><path d="M3 8.5h18M6 6.3h.1"/>',
    "email": '<rect x="3" y="5" width="18" height="14" rx="1.5"/><path d="M3.5 6.5L12 13l8.5-6.5"/>',
    "slack": '<path d="M9.5 4l-2 16M16.5 4l-2 16M4.5 9h16M3.5 15h16"/>',
    "teams": (
        '<rect x="3" y="6" width="11" height="12" rx="1.5"/><path d="M6 10h5M8.5 10v5"/>'
        '<circle cx="18" cy="7.5" r="2.2"/><path d="M17 12h4v3.5a3.5 3.5 0 0 1-4 3.4"/>'
    ),
    "heading": '<path d="M6 5v14M18 5v14M6 12h12"/>',
    "bold": '<path d="M7 5h6a3.5 3.5 0 0 1 0 7H7zM7 12h7a3.5 3.5 0 0 1 0 7H7z"/>',
    "italic": '<path d="M10 5h7M7 19h7M14 5l-4 14"/>',
    "list": '<path d="M9 6h11M9 12h11M9 18h11M4.5 6h.1M4.5 12h.1M4.5 18h.1"/>',
    "steps": '<path d="M10 6h10M10 12h10M10 18h10M4 4.5l1.5-.5v4M4 11h2.5L4 14.5h2.5M4 17h2.5L5 19l1.5 2H4"/>',
    "image": (
        '<rect x="3" y="5" width="18" height="14" rx="1.5"/><circle cx="8.5" cy="10" r="1.6"/>'
        '<path d="M5 18l5-4.5 3 2.5 4-4.5 4 4"/>'
    ),
    "snippet": (
        '<path d="M8 4H6a2 2 0 0 0-2 2v3M16 4h2a2 2 0 0 1 2 2v3M8 20H6a2 2 0 0 1-2-2v-3M16 20h2a2 2 0 0 0 2-2v-3"/>'
        '<path d="M8.5 10h7M8.5 14h4.5"/>'
    ),
    "webhook": (
        '<circle cx="6" cy="17" r="2.4"/><circle cx="18" cy="17" r="2.4"/><circle cx="12" cy="6" r="2.4"/>'
        '<path d="M10.8 8.1L7.2 14.9M13.2 8.1l3.6 6.8M8.4 17h7.2"/>'
    ),
    "operate": '<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="17" r="2"/>',
    "people": (
        '<circle cx="9" cy="8" r="3.2"/><path d="M3 20c0-4 2.6-6.2 6-6.2s6 2.2 6 6.2"/>'
        '<path d="M15.5 5.2a3.2 3.2 0 0 1 0 5.6M17 14.2c2.4.7 4 2.7 4 5.8"/>'
    ),
    "audience": '<circle cx="12" cy="8" r="3.4"/><path d="M5 20c0-4.2 3-6.6 7-6.6s7 2.4 7 6.6"/>',
    "download": '<path d="M12 4v12M6.5 11l5.5 5.5 5.5-5.5M4 20h16"/>',
    "upload": '<path d="M12 16V4M6.5 9.5L12 4l5.5 5.5M4 20h16"/>',
    "trash": '<path d="M5 7h14M10 7V4.5h4V7M7 7l.8 13h8.4L17 7"/>',
    "compare": '<path d="M8 5L4 9l4 4M4 9h12M16 11l4 4-4 4M20 15H8"/>',
    "quote": (
        '<path d="M5 17c2.5-1 3.5-3 3.5-6H5V6.5h5.5V11c0 4-2 7-5.5 8z"/>'
        '<path d="M14 17c2.5-1 3.5-3 3.5-6H14V6.5h5.5V11c0 4-2 7-5.5 8z"/>'
    ),
    "table": '<rect x="3.5" y="5" width="17" height="14" rx="1.5"/><path d="M3.5 10h17M3.5 14.5h17M10 5v14"/>',
    "collection": '<path d="M4 8h16v11H4z"/><path d="M6 5h12"/>',
    "next": '<path d="M9 5l7 7-7 7"/>',
    "previous": '<path d="M15 5l-7 7 7 7"/>',
    "out": '<path d="M14 5h5v5M19 5l-8 8"/><path d="M18 14v5H5V6h5"/>',
    "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
}
# The same drawing under the word a page uses for it.
ALIASES: Final[dict[str, str]] = {
    "callout": "warn",
    "check-add": "practice",
    "undo": "back",
    "right": "tick",
    "wrong": "cross",
}
ICONS.update({name: ICONS[drawn] for name, drawn in ALIASES.items()})

# State -> (the word, the drawing). The keys are also the classes of a cell of the outcome map (`.hm.able`).
STATE_MARKS: Final[dict[str, str]] = {
    "none": '<circle cx="8" cy="8" r="6" class="o d"/>',
    "unreached": '<circle cx="8" cy="8" r="6" class="o"/>',
    "notyet": '<circle cx="8" cy="8" r="6" class="o"/><path d="M8 2a6 6 0 0 0 0 12z" class="f"/>',
    "able": '<circle cx="8" cy="8" r="6.75" class="f"/><path d="M5 8.3l2.1 2.1L11.2 6" class="k"/>',
    "fading": '<circle cx="8" cy="8" r="6" class="o"/><path d="M8 4v7.2M5 8.4l3 3 3-3" class="o w"/>',
    "few": '<path d="M3.5 8h9" class="o"/>',
}

# The line drawings of empty states, 88 x 64 units, with one accent stroke (class `a`).
DRAWINGS: Final[dict[str, str]] = {
    "cup": (
        '<path d="M8 56h72"/><path d="M22 30h30v12a14 14 0 0 1-14 14h-2a14 14 0 0 1-14-14z"/>'
        '<path d="M52 33h5a6 6 0 0 1 0 12h-6"/><path class="a" d="M31 22c-3-4 3-6 0-10M41 22c-3-4 3-6 0-10"/>'
    ),
    "tray": (
        '<path d="M8 56h72M18 56V24h52v32"/><path d="M18 38h16l4 6h12l4-6h16"/><path class="a" d="M36 14l6 6 10-11"/>'
    ),
    "lens": '<circle cx="40" cy="28" r="18"/><path d="M53 41l15 15"/><path class="a" d="M32 28h16"/>',
    "sheet": (
        '<path d="M8 56h72M26 56V10h26l10 10v36"/><path d="M52 10v10h10M34 30h20M34 38h20"/>'
        '<path class="a" d="M34 46h12"/>'
    ),
    "path": (
        '<path d="M8 56h72"/><circle cx="24" cy="46" r="5"/><circle cx="64" cy="14" r="5"/>'
        '<path d="M29 46h22a8 8 0 0 0 0-16H38a8 8 0 0 1 0-16h14"/><path class="a" d="M61.5 14l2 2 3.5-4"/>'
    ),
    "chart": '<path d="M8 56h72M18 56V12"/><path d="M18 44h62M18 30h62"/><path class="a" d="M24 46l14-8 12 4 22-22"/>',
    "door": ('<path d="M8 56h72M28 56V10h32v46"/><path d="M52 33v2"/><path class="a" d="M20 56V14l8-4"/>'),
    "plug": (
        '<path d="M8 56h72M8 36h14M22 27h10v18H22zM32 31h6M32 41h6"/><path d="M56 27h10v18H56zM66 36h14"/>'
        '<path class="a" d="M44 22l3 6M47 36h4M44 50l3-6"/>'
    ),
}
