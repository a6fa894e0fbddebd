/** Every .proto file that an xDS run may load, by the name it is imported under; made by embedded-xds.ts. */
declare module 'embedded-xds-protos' {
  const files: Readonly<Record<string, import('./proto-files.ts').ProtoFile>>
  export default files
}
