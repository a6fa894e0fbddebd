import { serverOptions } from '../../../services/echo/src/options.ts'
import { type Container, listOf } from '../manifests/workload.ts'

/** Whether a container runs our own program, whose options we know. */
export const isEcho = ({ content }: Container): boolean => /(^|\/)evenly-echo([:@]|$)/.test(String(content.image))

/** Whether it does so as a server, which it is when it is told nothing. */
export const isEchoServer = (container: Container): boolean =>
  isEcho(container) && !argsOf(container).some((word) => /^(-h|--host)/.test(word))

/** What an option of our server that takes a number is set to, by arguments, by the environment, or by its default. */
export function echoNumber(container: Container, option: string): number {
  const args = argsOf(container)
  const at = args.findLastIndex((word) => word === `--${option}` || word.startsWith(`--${option}=`))
  const word = args[at]
  const given = word?.includes('=') ? word.slice(word.indexOf('=') + 1) : args[at + 1]
  if (word !== undefined) return Number(given)
  const variable = `ECHO_${option.toUpperCase().replaceAll('-', '_')}`
  const found = listOf(container.content.env).find(({ name }) => name === variable)
  return Number(found?.value ?? defaultOf(option))
}

/** The arguments of our program; without any, the image's own. */
export function argsOf({ content: { args, command } }: Container): string[] {
  if (Array.isArray(args)) return args.map(String)
  return command === undefined ? ['-s'] : []
}

/** Arguments with an option set, in the place where it is already. */
export function withOption(args: readonly string[], option: string, value: string | number): string[] {
  const at = args.findLastIndex((word) => word === `--${option}` || word.startsWith(`--${option}=`))
  const rest = at < 0 ? [] : args.slice(at + (args[at]?.includes('=') ? 1 : 2))
  return [...(at < 0 ? args : args.slice(0, at)), `--${option}=${value}`, ...rest]
}

const defaultOf = (option: string): unknown =>
  serverOptions.map((make) => make()).find(({ long }) => long === `--${option}`)?.defaultValue
