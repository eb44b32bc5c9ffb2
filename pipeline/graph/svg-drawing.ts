import type { TaskState } from '../run/run-progress.ts';
import type { Layout, PlacedEdge, Point } from './layered-layout.ts';

/** What stands in a node's box. */
export interface SvgBox {
  readonly title: string;
  /** A second, smaller line. */
  readonly detail: string;
  /** Shown when the pointer rests on the box. */
  readonly tooltip: string;
  readonly state: TaskState | undefined;
}

const cellWidth = 8.5;
const cellHeight = 20;
const margin = 24;
const headerHeight = 44;
const cornerRadius = 7;

interface Palette {
  readonly fill: string;
  readonly line: string;
}

const plain: Palette = { fill: '#ffffff', line: '#64748b' };

const palettes: Readonly<Record<TaskState, Palette>> = {
  SUCCEEDED: { fill: '#ecfdf3', line: '#15803d' },
  FAILED: { fill: '#fef2f2', line: '#b91c1c' },
  FAILED_AND_AUTO_SUSPENDED: { fill: '#fef2f2', line: '#b91c1c' },
  CANCELLED: { fill: '#fffbeb', line: '#b45309' },
  EXECUTING: { fill: '#ecfeff', line: '#0e7490' },
  SCHEDULED: { fill: '#eff6ff', line: '#1d4ed8' },
  SKIPPED: { fill: '#f8fafc', line: '#94a3b8' },
  WAITING: { fill: '#ffffff', line: '#94a3b8' },
  NOT_RUN: { fill: '#f8fafc', line: '#94a3b8' },
  SUSPENDED: { fill: '#f8fafc', line: '#94a3b8' },
};

/** Text for XML content and attributes; characters XML does not know are dropped. */
export const escapeXml = (text: string): string =>
  text
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

const round = (value: number): number => Math.round(value * 10) / 10;

// The middle of a cell.
const toPixels = (point: Point): Point => ({
  x: margin + (point.x + 0.5) * cellWidth,
  y: margin + headerHeight + (point.y + 0.5) * cellHeight,
});

const path = (points: readonly Point[]): string => {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const parts = [`M${round(first.x)} ${round(first.y)}`];
  rest.forEach((point, at) => {
    const before = points[at];
    const after = rest[at + 1];
    if (before === undefined || after === undefined) {
      parts.push(`L${round(point.x)} ${round(point.y)}`);
      return;
    }
    // Corners are rounded, by no more than half of what is there.
    const towards = (end: Point): Point => {
      const length = Math.hypot(end.x - point.x, end.y - point.y);
      const reach = Math.min(cornerRadius, length / 2) / (length || 1);
      return { x: point.x + (end.x - point.x) * reach, y: point.y + (end.y - point.y) * reach };
    };
    const enter = towards(before);
    const leave = towards(after);
    parts.push(`L${round(enter.x)} ${round(enter.y)}`, `Q${round(point.x)} ${round(point.y)} ${round(leave.x)} ${round(leave.y)}`);
  });
  return parts.join('');
};

const drawEdge = (edge: PlacedEdge): string => {
  const points = edge.points.map(toPixels);
  const first = points[0];
  const last = points.at(-1);
  // From border to border: half a cell below the first point, and down to where the arrow head ends.
  const whole =
    first === undefined || last === undefined
      ? points
      : [{ x: first.x, y: first.y + cellHeight / 2 }, ...points.slice(1, -1), { x: last.x, y: last.y + cellHeight / 2 - 5 }];
  return `<path d="${path(whole)}"${edge.dashed ? ' class="after"' : ''} marker-end="url(#arrow)"/>`;
};

/** The layout as an SVG document of its own, readable on a light page without any other file. */
export const drawSvg = (
  layout: Layout,
  heading: { readonly title: string; readonly detail: string },
  boxOf: (id: string) => SvgBox,
): string => {
  const width = Math.ceil(
    Math.max(layout.width * cellWidth, 10.5 * Math.max(heading.title.length, heading.detail.length)) + 2 * margin,
  );
  const height = Math.ceil(layout.height * cellHeight + headerHeight + 2 * margin);
  const boxes = layout.nodes.map((node) => {
    const box = boxOf(node.id);
    const { fill, line } = box.state === undefined ? plain : palettes[box.state];
    const x = margin + node.x * cellWidth;
    const y = margin + headerHeight + node.y * cellHeight;
    const middle = round(x + (node.width * cellWidth) / 2);
    const boxHeight = node.height * cellHeight;
    const faint = box.state === 'SKIPPED' || box.state === 'NOT_RUN' || box.state === 'SUSPENDED';
    return [
      `<g class="task"${faint ? ' opacity="0.75"' : ''}>`,
      `<title>${escapeXml(box.tooltip)}</title>`,
      `<rect x="${round(x)}" y="${round(y)}" width="${round(node.width * cellWidth)}" height="${boxHeight}" rx="9" fill="${fill}" stroke="${line}"${box.state === 'SUSPENDED' ? ' stroke-dasharray="4 3"' : ''}/>`,
      `<text class="name" x="${middle}" y="${round(y + boxHeight / 2 + (box.detail === '' ? 5 : -4))}">${escapeXml(box.title)}</text>`,
      ...(box.detail === ''
        ? []
        : [
            `<text class="detail" x="${middle}" y="${round(y + boxHeight / 2 + 15)}" fill="${line}">${escapeXml(box.detail)}</text>`,
          ]),
      '</g>',
    ].join('');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escapeXml(heading.title)}</title>`,
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8Z" fill="#64748b"/></marker></defs>',
    '<style>',
    'text{font-family:ui-sans-serif,system-ui,"Segoe UI",Helvetica,Arial,sans-serif;text-anchor:middle}',
    '.heading{text-anchor:start;font-size:17px;font-weight:600;fill:#0f172a}.about{text-anchor:start;font-size:13px;fill:#475569}',
    '.name{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:13px;font-weight:600;fill:#0f172a}.detail{font-size:12px}',
    '.task rect{stroke-width:1.5}.edges path{fill:none;stroke:#64748b;stroke-width:1.5}.edges .after{stroke-dasharray:4 4}',
    '</style>',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text class="heading" x="${margin}" y="${margin + 8}">${escapeXml(heading.title)}</text>`,
    `<text class="about" x="${margin}" y="${margin + 28}">${escapeXml(heading.detail)}</text>`,
    `<g class="edges">${layout.edges.map(drawEdge).join('')}</g>`,
    ...boxes,
    '</svg>',
    '',
  ].join('\n');
};
