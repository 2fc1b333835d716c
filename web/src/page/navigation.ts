// A quiet bar with the sections' names; the one in view is marked.

import { h } from "../dom";

export function navigation(name: string, sections: { id: string; title: string }[]): HTMLElement {
  const links = new Map(sections.map(({ id, title }) => [id, h("a", { href: `#${id}` }, title)]));
  const bar = h(
    "nav",
    { class: "bar", "aria-label": "Sections" },
    h("a", { href: "#top", class: "bar-name" }, name),
    h("div", { class: "bar-links" }, ...links.values()),
  );
  const visible = new Set<string>();
  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (entry.isIntersecting) visible.add(entry.target.id);
        else visible.delete(entry.target.id);
      }
      const current = sections.find(({ id }) => visible.has(id))?.id;
      for (const [id, link] of links) {
        if (id === current) link.setAttribute("aria-current", "location");
        else link.removeAttribute("aria-current");
      }
    },
    { rootMargin: "-20% 0px -60% 0px" },
  );
  queueMicrotask(() => sections.forEach(({ id }) => observer.observe(document.getElementById(id)!)));
  return bar;
}
