"""Marking points in a picture: a page for any browser, so that no display is needed where the program runs."""

from __future__ import annotations

import base64
import html
import io
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.errors import InputError

Image = NDArray[np.uint8]

STEPS: dict[str, list[tuple[str, str]]] = {
    "seat": [
        ("front-left corner of the seat, as the sitter sees it", "椅面左前角（坐者的左）"),
        ("front-right corner", "椅面右前角"),
        ("back-right corner", "椅面右后角"),
        ("back-left corner", "椅面左后角"),
    ],
    "points": [
        ("first corner of the rectangle on the floor", "地面矩形的第一个角"),
        ("next corner, along its width", "沿宽方向的下一个角"),
        ("next corner, along its depth", "沿深方向的下一个角"),
        ("last corner", "最后一个角"),
    ],
}
"""What to click, for each option that takes four points."""

_PAGE = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><title>posture-check: mark four points / 标四个点</title>
<style>
body{font:16px sans-serif;margin:1em;background:#fff;color:#111}
#board{position:relative;display:inline-block;cursor:crosshair}
#board img{display:block;max-width:100%}
#board svg{position:absolute;inset:0;width:100%;height:100%;pointer-events:none}
output{display:block;font:16px monospace;background:#eee;padding:.6em;margin:.6em 0;user-select:all}
button{font:inherit}
</style>
<p id="ask" aria-live="polite"></p>
<p><button id="undo" type="button">撤销 / undo</button>
<button id="zoom" type="button">原始大小 / full size</button></p>
<div id="board"><img id="picture" alt="" src="data:image/png;base64,@@PICTURE@@"><svg id="marks"></svg></div>
<output id="answer"></output>
<script>
"use strict";
const steps = @@STEPS@@, option = @@OPTION@@, width = @@WIDTH@@, height = @@HEIGHT@@;
const picture = document.getElementById("picture"), marks = document.getElementById("marks");
let points = [];
function show() {
  const next = steps[points.length];
  document.getElementById("ask").textContent = next
    ? `${points.length + 1}/${steps.length}  请点：${next[1]}  ·  click: ${next[0]}`
    : "完成，把下面的文字加到命令后面 · done: add the text below to the command";
  marks.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const line = points.map(p => p.join(",")).join(" ");
  const r = width / 150;
  marks.innerHTML = `<polygon points="${line}" fill="#0a04" stroke="#f0f" stroke-width="${r / 4}"/>` +
    points.map((p, i) =>
    `<circle cx="${p[0]}" cy="${p[1]}" r="${r / 2}" fill="none" stroke="#f0f" stroke-width="${r / 5}"/>` +
    `<text x="${p[0] + r}" y="${p[1] - r}" font-size="${r * 3}" fill="#f0f">${i + 1}</text>`).join("");
  document.getElementById("answer").textContent =
    points.length === steps.length ? `--${option} "${line}" --size ${width}x${height}` : line;
}
picture.addEventListener("click", event => {
  if (points.length === steps.length) return;
  const box = picture.getBoundingClientRect();
  const at = (a, low, size, n) => Math.round((a - low) / size * n * 10) / 10;
  points.push([at(event.clientX, box.left, box.width, width), at(event.clientY, box.top, box.height, height)]);
  show();
});
document.getElementById("undo").addEventListener("click", () => { points.pop(); show(); });
document.getElementById("zoom").addEventListener("click", () => {
  picture.style.maxWidth = picture.style.maxWidth === "none" ? "" : "none";
});
show();
</script>
</html>
"""


def marking_page(image: Image, what: str) -> str:
    """Return a page that shows a picture and turns four clicks into the text of an option.

    Parameters
    ----------
    image
        ``(height, width, 3)`` RGB.
    what
        ``seat`` or ``points``: which option the points are for.
    """
    from PIL import Image as Pil

    packed = io.BytesIO()
    Pil.fromarray(image).save(packed, "PNG")
    fields: dict[str, Any] = {
        "STEPS": json.dumps(STEPS[what], ensure_ascii=False),
        "OPTION": json.dumps(what),
        "WIDTH": image.shape[1],
        "HEIGHT": image.shape[0],
        "PICTURE": html.escape(base64.b64encode(packed.getvalue()).decode()),
    }
    page = _PAGE
    for name, value in fields.items():
        page = page.replace(f"@@{name}@@", str(value))
    return page


def save_page(page: str, out: Path) -> None:
    """Write a page, whole or not at all.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    part = out.with_name(f"{out.name}.{os.getpid()}.part")
    try:
        part.write_text(page, encoding="utf-8")
        part.replace(out)
    except OSError as e:
        raise InputError(f"{out}: cannot be written ({e.strerror}): name a file in an existing folder") from e
    finally:
        part.unlink(missing_ok=True)
