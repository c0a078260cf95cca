/**
 * Makes an element.
 *
 * @param {string} tag Name of the element.
 * @param {Record<string, unknown>} [props] Attributes; `on…` are listeners, `class` and `text` as they say, `data` an
 *   object of data attributes; null, undefined and false leave an attribute out.
 * @param {...(Node|string|null|undefined|false)} children What goes inside.
 * @returns {HTMLElement}
 */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (name === "text") node.textContent = String(value);
    else if (name === "data") for (const [key, datum] of Object.entries(value)) node.dataset[key] = String(datum);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

/**
 * Makes an element of a drawing.
 *
 * @param {string} tag Name of the element.
 * @param {Record<string, unknown>} [props] Attributes.
 * @param {...Node} children What goes inside.
 * @returns {SVGElement}
 */
export function s(tag, props = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(props)) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
}

/**
 * Replaces what an element holds, and puts the keyboard's focus back on the control it was on.
 *
 * @param {HTMLElement} root The element.
 * @param {...Node} children What it holds from now on.
 */
export function fill(root, ...children) {
  const focused = root.contains(document.activeElement) ? document.activeElement?.getAttribute("data-testid") : null;
  root.replaceChildren(...children);
  if (focused) root.querySelector(`[data-testid="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}
