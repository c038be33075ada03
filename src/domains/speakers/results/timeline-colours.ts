/**
 * Lanes take these in turn. They go by Okabe and Ito's set for all kinds of colour vision, made darker or lighter until each
 * stands out from the page by 3:1 (WCAG 2.2, 1.4.11). Names stand beside the lanes: no colour says anything alone.
 */
export const LIGHT_LANES = ['#0072b2', '#d55e00', '#008a64', '#b3568c', '#a87400', '#2f8fc4', '#5a5a5a'] as const;
export const DARK_LANES = ['#4aa3df', '#ff8a3d', '#1fbf92', '#e09cc4', '#e6b23c', '#8fd0f5', '#b8b8b8'] as const;

/** Page, text, and what is only there to guide the eye. */
export const LIGHT = { page: '#ffffff', ink: '#1a1a1a', faint: '#595959', lane: '#f1f1f1', grid: '#d5d5d5' } as const;
export const DARK = { page: '#121212', ink: '#f2f2f2', faint: '#b0b0b0', lane: '#1f1f1f', grid: '#3a3a3a' } as const;

/** The style sheet of a timeline; all its names begin with `who-`, should it be put into a page of somebody else's. */
export function timelineStyle(): string {
  const rules = (colours: typeof LIGHT | typeof DARK, lanes: readonly string[]) =>
    [
      `.who-page{fill:${colours.page}}`,
      `.who-lane{fill:${colours.lane}}`,
      `.who-grid{stroke:${colours.grid}}`,
      `.who-ink{fill:${colours.ink}}`,
      `.who-faint{fill:${colours.faint}}`,
      ...lanes.map((colour, n) => `.who-${n}{fill:${colour}}`),
    ].join('');
  return `${rules(LIGHT, LIGHT_LANES)}@media (prefers-color-scheme:dark){${rules(DARK, DARK_LANES)}}`;
}
