/** The package comes without types of its own: they are those of its other half. */
declare module 'onnxruntime-node' {
  export * from 'onnxruntime-common';
}
