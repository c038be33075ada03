export type TableName = 'wood' | 'dark' | 'busy' | 'light';

type Paint = (x: number, y: number) => [number, number, number];

const { sin, cos } = Math;

/** What a receipt lies on when somebody photographs it. */
export const tables: Record<TableName, (random: () => number) => Paint> = {
  wood: (random) => {
    const turn = random() * 10;
    return (x, y) => {
      const grain = sin(y / 9 + sin(x / 120 + turn) * 3) * 10 + sin(y / 3.1 + x / 300) * 5;
      return [146 + grain, 98 + grain * 0.8, 58 + grain * 0.6];
    };
  },
  dark: () => (x, y) => {
    const grain = sin(x / 37) * 3 + cos(y / 23) * 3;
    return [46 + grain, 44 + grain, 48 + grain];
  },
  busy: (random) => {
    const colours = Array.from({ length: 16 }, () => [60 + random() * 120, 50 + random() * 90, 50 + random() * 110]);
    return (x, y) => {
      const tile = (((x / 48) | 0) * 7 + ((y / 48) | 0) * 13) % colours.length;
      const [r = 0, g = 0, b = 0] = colours[tile] ?? [];
      return [r, g, b];
    };
  },
  light: () => (x, y) => {
    const grain = sin(x / 61 + y / 83) * 4;
    return [188 + grain, 184 + grain, 176 + grain];
  },
};
