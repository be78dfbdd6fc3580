const gap = 4;

/** Puts a popover under its button, or over it where there is more room; always inside of the window. */
export function placeBeside(popover: HTMLElement, button: HTMLElement): void {
  const anchor = button.getBoundingClientRect();
  const { width, height } = popover.getBoundingClientRect();
  const below = innerHeight - anchor.bottom;
  const top = below >= height + gap || below >= anchor.top ? anchor.bottom + gap : anchor.top - gap - height;
  popover.style.left = `${Math.max(gap, Math.min(anchor.right - width, innerWidth - width - gap))}px`;
  popover.style.top = `${Math.max(gap, Math.min(top, innerHeight - height - gap))}px`;
}
