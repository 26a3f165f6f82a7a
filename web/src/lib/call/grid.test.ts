import { describe, expect, it } from 'vitest';
import { layoutGrid } from './grid.ts';

const phone = { width: 344, height: 500 };
const tablet = { width: 752, height: 876 };
const desktop = { width: 1264, height: 572 };
const withPanel = { width: 904, height: 572 };

/** [stage, others, columns, rows, tile width, tile height]: the table of the design brief, section 4.9, without oneself. */
const table = [
  [phone, 1, 1, 1, 344, 459],
  [phone, 2, 1, 2, 344, 246],
  [phone, 8, 2, 2, 168, 224],
  [phone, 15, 2, 2, 168, 224],
  [tablet, 1, 1, 1, 752, 564],
  [tablet, 2, 1, 2, 752, 423],
  [tablet, 3, 2, 2, 372, 434],
  [tablet, 8, 2, 4, 372, 213],
  [tablet, 15, 3, 3, 245, 287],
  [desktop, 1, 1, 1, 1017, 572],
  [desktop, 2, 2, 1, 628, 572],
  [desktop, 3, 3, 1, 416, 416],
  [desktop, 8, 4, 2, 310, 282],
  [desktop, 15, 5, 3, 246, 185],
  [withPanel, 2, 2, 1, 448, 448],
  [withPanel, 3, 2, 2, 448, 282],
  [withPanel, 8, 3, 3, 296, 185],
  [withPanel, 15, 4, 3, 220, 185],
] as const;

describe('layoutGrid', () => {
  it.each(table)(
    'lays out %o for %i others in %i x %i, no tile smaller than %i x %i',
    (stage, count, columns, rows, width, height) => {
      const layout = layoutGrid(stage, count);
      expect([layout.columns, layout.rows]).toEqual([columns, rows]);
      for (const box of layout.boxes) {
        expect(box.width).toBeGreaterThanOrEqual(width - 1);
        expect(box.height).toBeGreaterThanOrEqual(height - 1);
      }
    },
  );

  it('shows one large and two small on a phone with three others', () => {
    const [large, small] = layoutGrid(phone, 3).boxes;
    expect(large).toMatchObject({ width: 344, height: 366 });
    expect(small).toMatchObject({ width: 168, height: 126 });
  });

  it.each([
    [phone, 4],
    [tablet, 9],
    [withPanel, 12],
    [desktop, 15],
  ] as const)('pages at most so many tiles on %o: %i', (stage, perPage) => {
    const layout = layoutGrid(stage, 15);
    expect(layout.perPage).toBe(perPage);
    expect(layout.pages).toBe(Math.ceil(15 / perPage));
  });

  it('never makes a tile smaller than 160 x 90 and never leaves the stage', () => {
    for (const stage of [phone, tablet, desktop, withPanel, { width: 304, height: 420 }, { width: 640, height: 220 }]) {
      for (let count = 1; count <= 15; count += 1) {
        for (const box of layoutGrid(stage, count).boxes) {
          expect(box.width).toBeGreaterThanOrEqual(160);
          expect(box.height).toBeGreaterThanOrEqual(90);
          expect(box.x).toBeGreaterThanOrEqual(-0.01);
          expect(box.y).toBeGreaterThanOrEqual(-0.01);
          expect(box.x + box.width).toBeLessThanOrEqual(stage.width + 0.01);
          expect(box.y + box.height).toBeLessThanOrEqual(stage.height + 0.01);
        }
      }
    }
  });

  it('has no tiles for nobody', () => {
    expect(layoutGrid(desktop, 0).boxes).toEqual([]);
  });
});
