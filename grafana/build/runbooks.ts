const pages = 'https://github.com/evenly-grpc/evenly/blob/main/docs/runbooks'

/** An alert by its name, linked to what to do about it. Grafana reads descriptions as Markdown. */
export const alert = (name: string): string => `[${name}](${pages}/${name}.md)`
