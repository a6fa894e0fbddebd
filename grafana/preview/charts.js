// Draws the two charts, in the browser. `picture` is what picture.ts has put beside it, uPlot is the library's own script.
/* global picture, uPlot, document */
const line = { stroke: '#e3e7eb', width: 1 }
const axis = { stroke: '#5b6570', grid: line, ticks: line, font: '12px system-ui, "DejaVu Sans", sans-serif' }
const width = 500
const height = 215

/** Minutes since the start. */
const times = {
  ...axis,
  size: 30,
  values: (_, splits) => splits.map((seconds) => `${Math.round(seconds / 60)} min`),
  incrs: [60, 120],
}

/** A dashed line where the client was changed. */
const marks = {
  hooks: {
    draw: [
      ({ ctx, bbox, valToPos }) => {
        const x = Math.round(valToPos(picture.changedAt, 'x', true))
        ctx.save()
        ctx.strokeStyle = '#1b1f24'
        ctx.setLineDash([6, 5])
        ctx.lineWidth = 2
        ctx.beginPath()
        ctx.moveTo(x, bbox.top)
        ctx.lineTo(x, bbox.top + bbox.height)
        ctx.stroke()
        ctx.restore()
      },
    ],
  },
}

function draw(id, data, series, y, axisOfY) {
  const options = {
    width,
    height,
    series: [{}, ...series],
    scales: { x: { time: false }, y },
    axes: [times, { ...axis, size: 56, ...axisOfY }],
    padding: [8, 26, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    plugins: [marks],
  }
  new uPlot(options, [picture.times, ...data], document.getElementById(id))
}

// Layers lie on each other: the topmost is drawn first, as the sum of all, and the next covers its lower part.
const sums = picture.calls.map((_, i) =>
  picture.times.map((_, t) => picture.calls.slice(i).reduce((sum, { values }) => sum + (values[t] ?? 0), 0)),
)
draw(
  'calls',
  sums,
  picture.calls.map(({ color }) => ({ stroke: color, fill: color, width: 0, points: { show: false } })),
  { range: (_, min, max) => [0, Math.max(max * 1.1, min)] },
  { values: (_, splits) => splits.map((value) => `${value}/s`) },
)
draw(
  'jain',
  [picture.jain, picture.times.map(() => 0.8)],
  [
    { stroke: '#1b1f24', width: 2.5, points: { show: false } },
    { stroke: '#c2402a', width: 1.5, dash: [5, 5], points: { show: false } },
  ],
  { range: () => [0, 1.05] },
  { values: (_, splits) => splits.map((value) => `${Math.round(value * 100)} %`), incrs: [0.2] },
)
