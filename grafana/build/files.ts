import { boards } from '../dashboards.ts'
import { fileOf } from './board.ts'
import { classicDashboard } from './classic.ts'
import { dashboardResource } from './resource.ts'

/** Where the chart finds its dashboards, from the top of the project. */
export const chartFolder = 'charts/echo/files/dashboards'

/** Where the same lie in Grafana 13's schema. */
export const resourceFolder = 'grafana/v2'

/** What is generated, by its path from the top of the project: the same bytes every time. */
export function dashboardFiles(): Record<string, string> {
  return Object.fromEntries(
    boards.flatMap((board) => [
      [`${chartFolder}/${fileOf(board)}.json`, aLineAPanel(classicDashboard(board))],
      [`${resourceFolder}/${fileOf(board)}.json`, `${JSON.stringify(dashboardResource(board), null, 1)}\n`],
    ]),
  )
}

/** As short as JSON is, for a ConfigMap and for the release that Helm keeps, with a line per panel, for who reads a diff. */
function aLineAPanel({ panels = [], ...rest }: ReturnType<typeof classicDashboard>): string {
  const lines = panels.map((panel) => JSON.stringify(panel))
  return `${JSON.stringify(rest).slice(0, -1)},"panels":[\n${lines.join(',\n')}\n]}\n`
}
