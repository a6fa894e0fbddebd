/** A value that can be left unset; Helm lets a user take any of them away with null. */
export type Unset<T> = T | null | undefined
export type MapOf<T> = Unset<Readonly<Record<string, Unset<T>>>>
export type ListOf<T> = Unset<readonly T[]>
export type Argument = string | number | boolean

export interface Switch {
  readonly enabled: boolean
}
