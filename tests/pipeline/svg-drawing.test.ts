import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layoutGraph } from '../../pipeline/graph/graph-layout.ts';
import { drawSvg, escapeXml } from '../../pipeline/graph/svg-drawing.ts';
import { sampleGraph } from './sample-graph.ts';

const graph = sampleGraph();
const layout = layoutGraph(graph, (task) => [task, 'SUCCEEDED 1.0s']);
const svg = drawSvg(layout, { title: 'DB.S.LOAD', detail: '6 tasks' }, (id) => ({
  title: id,
  detail: 'SUCCEEDED 1.0s',
  tooltip: `${id} <WHEN a & b>`,
  state: id === 'ALERT' ? 'SKIPPED' : 'SUCCEEDED',
}));

/** The elements, checked to be properly nested: as much of XML as matters here. */
const elementsOf = (
  document: string,
): readonly { readonly name: string; readonly attributes: Readonly<Record<string, string>> }[] => {
  const open: string[] = [];
  const elements: { name: string; attributes: Record<string, string> }[] = [];
  const rest = document.replaceAll(
    /<(\/?)([a-z]+)((?: [a-zA-Z-]+="[^"<&]*(?:&[a-z]+;[^"<&]*)*")*)(\/?)>/g,
    (_tag, end: string, name: string, attributes: string, empty: string) => {
      if (end === '/') expect(open.pop()).toBe(name);
      else {
        elements.push({
          name,
          attributes: Object.fromEntries(
            [...attributes.matchAll(/([a-zA-Z-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]),
          ),
        });
        if (empty === '') open.push(name);
      }
      return '';
    },
  );
  expect(open).toEqual([]);
  expect(rest).not.toMatch(/[<>]/);
  return elements;
};

describe('drawing as SVG', () => {
  it('is a well-formed document with a box for each task and a path for each edge', () => {
    const elements = elementsOf(svg);
    expect(elements[0]).toMatchObject({ name: 'svg', attributes: { xmlns: 'http://www.w3.org/2000/svg' } });
    expect(elements.filter((element) => element.name === 'rect')).toHaveLength(1 + graph.tasks.length);
    expect(elements.filter((element) => element.attributes['marker-end'] !== undefined)).toHaveLength(layout.edges.length);
    expect(elements.filter((element) => element.attributes['class'] === 'after')).toHaveLength(2);
  });

  it('keeps every box and line within its page', () => {
    const [root, ...rest] = elementsOf(svg);
    const [width, height] = [Number(root?.attributes['width']), Number(root?.attributes['height'])];
    for (const { name, attributes } of rest) {
      if (name === 'rect' && attributes['x'] !== undefined) {
        expect(Number(attributes['x']) + Number(attributes['width'])).toBeLessThan(width);
        expect(Number(attributes['y']) + Number(attributes['height'])).toBeLessThan(height);
      }
      if (attributes['marker-end'] === undefined) continue;
      for (const [, x, y] of (attributes['d'] ?? '').matchAll(/(-?[\d.]+) (-?[\d.]+)/g)) {
        expect(Number(x) > 0 && Number(x) < width && Number(y) > 0 && Number(y) < height).toBe(true);
      }
    }
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeXml(text)).toMatch(/^(?:[^<>&"]|&(?:amp|lt|gt|quot);)*$/s);
      }),
    );
    expect(escapeXml('a\u0000\u001b\uffff\ud800b < "c" & d')).toBe('ab &lt; &quot;c&quot; &amp; d');
  });
});
