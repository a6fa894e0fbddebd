// Apart, so that who imports it when it is wanted gets its names from the bundle too: it is a CommonJS package.
export { register as registerXds } from '@grpc/grpc-js-xds'
