/** Where to ask for what a resource refers to: on the stream that it came by. */
export const sameStream = { ads: {}, resource_api_version: 'V3' } as const
