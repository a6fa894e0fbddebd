/** How many of some things are in each zone, by zone: `zone-a 2, zone-b 1`; empty where no zone is known. */
export function zonesText(zones: readonly string[]): string {
  if (zones.every((zone) => zone === '')) return ''
  const counted = Map.groupBy(zones, (zone) => zone || 'no zone')
  return [...counted]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([zone, all]) => `${zone} ${all.length}`)
    .join(', ')
}
