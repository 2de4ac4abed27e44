/**
 * The pictures of LOLWUT.
 *
 * Squares that lose their order from row to row, as Georg Nees had a plotter draw them, in
 * characters of Braille, each of which is two dots by four:
 *
 *   0x2800 +   01 08
 *              02 10
 *              04 20
 *              40 80
 *
 * And a skyline at night in four shades of colour for terminals.
 */

const BRAILLE = 0x2800;
const DOTS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

/** A canvas of dots, four rows of them to a line of text. */
class Canvas {
  private readonly cells: Uint8Array;

  constructor(
    private readonly columns: number,
    private readonly lines: number,
  ) {
    this.cells = new Uint8Array(columns * lines);
  }

  line(x0: number, y0: number, x1: number, y1: number): void {
    const steps = Math.max(1, Math.ceil(Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0))));
    for (let step = 0; step <= steps; step++) {
      const part = step / steps;
      this.dot(Math.round(x0 + (x1 - x0) * part), Math.round(y0 + (y1 - y0) * part));
    }
  }

  private dot(x: number, y: number): void {
    const column = x >> 1;
    const line = y >> 2;
    if (column < 0 || line < 0 || column >= this.columns || line >= this.lines) return;
    const at = line * this.columns + column;
    this.cells[at] = (this.cells[at] ?? 0) | (DOTS[y & 3]?.[x & 1] ?? 0);
  }

  text(): string {
    const lines: string[] = [];
    for (let line = 0; line < this.lines; line++) {
      const cells = this.cells.subarray(line * this.columns, (line + 1) * this.columns);
      lines.push(Array.from(cells, (dots) => String.fromCharCode(BRAILLE + dots)).join(''));
    }
    return `${lines.join('\n')}\n`;
  }
}

/** `across` by `down` squares on `columns` characters; the further down, the wilder. */
export function squares(
  columns: number,
  across: number,
  down: number,
  chance: () => number,
): string {
  const side = (columns * 2) / (across + 0.5);
  const canvas = new Canvas(columns, Math.max(1, Math.ceil((side * (down + 0.5)) / 4)));
  const around = (width: number) => (chance() - 0.5) * width;
  for (let row = 0; row < down; row++) {
    const disorder = down === 1 ? 0 : (row / (down - 1)) ** 1.5;
    for (let column = 0; column < across; column++) {
      const x = side * (column + 0.75) + around(side * disorder * 0.8);
      const y = side * (row + 0.75) + around(side * disorder * 0.8);
      square(canvas, x, y, side, around(Math.PI * 0.7 * disorder));
    }
  }
  return canvas.text();
}

function square(canvas: Canvas, x: number, y: number, side: number, angle: number): void {
  const corners = [0, 1, 2, 3, 4].map((quarter) => {
    const turned = angle + Math.PI / 4 + (quarter * Math.PI) / 2;
    return [x + side * Math.SQRT1_2 * Math.cos(turned), y + side * Math.SQRT1_2 * Math.sin(turned)];
  });
  for (let at = 0; at < 4; at++) {
    const [x0 = 0, y0 = 0] = corners[at] ?? [];
    const [x1 = 0, y1 = 0] = corners[at + 1] ?? [];
    canvas.line(x0, y0, x1, y1);
  }
}

/** Sky, far houses, near houses, lit windows. */
const SHADES = ['0;30;44', '0;34;104', '0;30;40', '0;33;103'] as const;
const [SKY, FAR, NEAR, LIT] = [0, 1, 2, 3];

/** Houses in front of houses in front of the sky. */
export function landscape(columns: number, rows: number, chance: () => number): string {
  const far = skyline(columns, rows, 0.8, chance);
  const near = skyline(columns, rows, 0.5, chance);
  const lines: string[] = [];
  for (let row = 0; row < rows; row++) {
    const height = rows - row;
    let line = '';
    for (let column = 0; column < columns; column++) {
      const isNear = height <= (near[column] ?? 0);
      const window = isNear && row % 2 === 1 && column % 3 === 1 && chance() < 0.3;
      const shade = window ? LIT : isNear ? NEAR : height <= (far[column] ?? 0) ? FAR : SKY;
      line += `\x1b[${SHADES[shade ?? 0]}m \x1b[0m`;
    }
    lines.push(line);
  }
  return `${lines.join('\n')}\n`;
}

/** The height of a house for each column. */
function skyline(columns: number, rows: number, share: number, chance: () => number): number[] {
  const heights: number[] = [];
  while (heights.length < columns) {
    const width = 4 + Math.floor(chance() * 8);
    const height = Math.floor(rows * share * (0.4 + chance() * 0.6));
    for (let column = 0; column < width; column++) heights.push(height);
  }
  return heights.slice(0, columns);
}
