/** Where a tile stands, in CSS px from the top start corner of the stage. */
export interface TileBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One page of tiles. */
export interface GridLayout {
  readonly columns: number;
  readonly rows: number;
  readonly perPage: number;
  readonly pages: number;
  /** Boxes of the tiles of a full page, or of all tiles when there is one page. */
  readonly boxes: readonly TileBox[];
}

interface Stage {
  readonly width: number;
  readonly height: number;
}

const GAP = 8;
const WIDEST = 16 / 9;
/** No tile is made smaller than this: we page instead. */
const MIN_TILE = { width: 160, height: 90 };

type StageClass = 'phone' | 'tablet' | 'panel' | 'desktop';

function classOf(stage: Stage): StageClass {
  if (stage.width < 600) return 'phone';
  if (stage.width < 900) return 'tablet';
  return stage.width < 1200 ? 'panel' : 'desktop';
}

const PER_PAGE: Readonly<Record<StageClass, number>> = { phone: 4, tablet: 9, panel: 12, desktop: 15 };

/** Narrowest shape of a tile. Alone, a tile on a large screen stays as wide as a camera's 4:3. */
function narrowest(kind: StageClass, count: number): number {
  if (kind === 'phone') return 3 / 4;
  if (count === 1) return 4 / 3;
  return kind === 'tablet' ? 3 / 4 : 1;
}

function tileSize(stage: Stage, columns: number, rows: number, narrow: number): Stage {
  const cellWidth = (stage.width - GAP * (columns - 1)) / columns;
  const cellHeight = (stage.height - GAP * (rows - 1)) / rows;
  const ratio = Math.min(Math.max(cellWidth / cellHeight, narrow), WIDEST);
  return cellWidth / cellHeight > ratio
    ? { width: cellHeight * ratio, height: cellHeight }
    : { width: cellWidth, height: cellWidth / ratio };
}

interface Arrangement {
  readonly columns: number;
  readonly rows: number;
  readonly tile: Stage;
}

/** The arrangement with the largest tiles. */
function bestArrangement(stage: Stage, count: number, narrow: number): Arrangement {
  let best: Arrangement | undefined;
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const tile = tileSize(stage, columns, rows, narrow);
    if (best === undefined || tile.width * tile.height > best.tile.width * best.tile.height)
      best = { columns, rows, tile };
  }
  if (best === undefined) throw new RangeError('A grid has at least one tile');
  return best;
}

function fits({ tile }: Arrangement): boolean {
  return tile.width >= MIN_TILE.width && tile.height >= MIN_TILE.height;
}

/**
 * Lays out the tiles of everybody else (design brief, 4.9): tiles as large as the stage allows, between 3:4 and 16:9,
 * in pages when they would become too small.
 * @param stage inner size of the stage in CSS px
 * @param count how many tiles there are
 */
export function layoutGrid(stage: Stage, count: number): GridLayout {
  if (count < 1 || stage.width <= 0 || stage.height <= 0)
    return { columns: 0, rows: 0, perPage: 1, pages: 0, boxes: [] };
  const kind = classOf(stage);
  const large = kind === 'phone' && count === 3 ? oneLargeTwoSmall(stage) : undefined;
  if (large !== undefined) return large;
  let perPage = Math.min(count, PER_PAGE[kind]);
  let arrangement = bestArrangement(stage, perPage, narrowest(kind, perPage));
  while (perPage > 1 && !fits(arrangement)) {
    perPage -= 1;
    arrangement = bestArrangement(stage, perPage, narrowest(kind, perPage));
  }
  return {
    columns: arrangement.columns,
    rows: arrangement.rows,
    perPage,
    pages: Math.ceil(count / perPage),
    boxes: place(stage, arrangement, perPage),
  };
}

/** Rows are centred, and so is a last row that is not full. */
function place(stage: Stage, { columns, rows, tile }: Arrangement, count: number): TileBox[] {
  const top = (stage.height - rows * tile.height - (rows - 1) * GAP) / 2;
  return Array.from({ length: count }, (_none, index) => {
    const row = Math.floor(index / columns);
    const inRow = Math.min(columns, count - row * columns);
    const start = (stage.width - inRow * tile.width - (inRow - 1) * GAP) / 2;
    const column = index - row * columns;
    return { x: start + column * (tile.width + GAP), y: top + row * (tile.height + GAP), ...tile };
  });
}

/** Three others on a phone held upright: the first large, two small ones under it; undefined where they do not fit. */
function oneLargeTwoSmall(stage: Stage): GridLayout | undefined {
  const width = (stage.width - GAP) / 2;
  const height = (width * 3) / 4;
  const large = stage.height - GAP - height;
  if (width < MIN_TILE.width || large < height) return undefined;
  const y = large + GAP;
  return {
    columns: 2,
    rows: 2,
    perPage: 3,
    pages: 1,
    boxes: [
      { x: 0, y: 0, width: stage.width, height: large },
      { x: 0, y, width, height },
      { x: width + GAP, y, width, height },
    ],
  };
}
