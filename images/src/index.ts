export type { ImageFile } from './layer.ts';
export { writeImage, type Image } from './oci-image.ts';
