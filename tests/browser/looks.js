// Measures of a page as it stands; called by looks.py with Playwright's evaluate.
({
  name: (e) => e.dataset.testid || e.id || e.textContent.trim().slice(0, 40) || e.tagName.toLowerCase(),

  shown: (e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true }),

  controls() {
    const all = "button, a[href], input:not([type=hidden]), select, textarea, summary";
    return [...document.querySelectorAll(all)].filter(this.shown);
  },

  /** The nearest box that may be scrolled, other than the page itself. */
  scroller(e) {
    for (let up = e.parentElement; up && up !== document.body; up = up.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(up);
      if (["auto", "scroll"].some((way) => way === overflowX || way === overflowY)) return up;
    }
    return null;
  },

  /** What reaches over the edges of the window, or cuts its own text off. */
  overflows(screen) {
    const out = new Set();
    const { scrollWidth } = document.documentElement;
    if (scrollWidth > innerWidth + 1) out.add(`the page is ${scrollWidth} px wide in a window of ${innerWidth}`);
    for (const e of document.querySelectorAll("body *")) {
      const box = e.getBoundingClientRect();
      const style = getComputedStyle(e);
      if (!this.shown(e) || box.width <= 1 || box.height <= 1 || e.closest("svg")?.contains(e.parentElement)) continue;
      const held = this.scroller(e);
      if (!held && (box.left < -1 || box.right > innerWidth + 1)) out.add(`${this.name(e)} reaches over the side`);
      if (screen && !held && (box.top < -1 || box.bottom > innerHeight + 1))
        out.add(`${this.name(e)} reaches over the top or bottom`);
      const hasText = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
      const hides = ["hidden", "clip"].includes(style.overflowX);
      if (hasText && hides && e.scrollWidth > e.clientWidth + 1) out.add(`${this.name(e)} cuts its text off`);
    }
    return [...out];
  },

  /** Controls smaller than a finger; a label belongs to its control. */
  smallTargets(least) {
    return this.controls().flatMap((e) => {
      const { width, height } = (e.closest("label") ?? e).getBoundingClientRect();
      const small = width > 1 && height > 1 && (width < least - 0.5 || height < least - 0.5);
      return small ? [`${this.name(e)}: ${Math.round(width)}×${Math.round(height)}`] : [];
    });
  },

  /** Controls within the window on whose middle something else lies. */
  covered() {
    return this.controls().flatMap((e) => {
      const box = e.getBoundingClientRect();
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      if (box.width <= 1 || x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) return [];
      const held = this.scroller(e)?.getBoundingClientRect();
      if (held && (x < held.left || x > held.right || y < held.top || y > held.bottom)) return []; // scrolled away
      const top = document.elementFromPoint(x, y);
      const mine = !top || e.contains(top) || top.contains(e) || top.closest("label")?.contains(e);
      return mine ? [] : [`${this.name(e)} lies under ${this.name(top)}`];
    });
  },

  /** Whether the control that has the keyboard's focus shows it. */
  focusSeen() {
    const e = document.activeElement;
    if (!e || e === document.body) return false;
    const style = getComputedStyle(e);
    const line = style.outlineStyle === "auto" || parseFloat(style.outlineWidth) >= 2;
    return (style.outlineStyle !== "none" && line) || style.boxShadow !== "none";
  },
})
