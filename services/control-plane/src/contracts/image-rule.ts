import type { Problem } from '../errors.ts';

/**
 * From where images of contracts may come: registries, or parts of them, such as registry.example/contracts. Members run them in their namespaces, so
 * nothing is allowed unless it is named. Undefined: this installation runs no images.
 */
export type ImageRegistries = readonly string[] | undefined;

/** Why this image may not be deployed. @param image by its digest, as the input's schema has it */
export function imageProblem(image: string, registries: ImageRegistries): Problem | undefined {
  if (registries === undefined) {
    return {
      code: 'INVALID_INPUT',
      path: 'image',
      message: 'image: this Guildhall runs on one machine without containers, and an image needs them',
      nextAction: 'deploy a template or a source here, and images where Guildhall runs on Kubernetes',
    };
  }
  // To its end: "registry.example/a" is not "registry.example/another".
  if (registries.some((allowed) => image.startsWith(`${allowed}/`) || image.startsWith(`${allowed}@`))) return undefined;
  const from = registries.length === 0 ? 'from nowhere yet' : `from ${registries.join(', ')} only`;
  return {
    code: 'FORBIDDEN',
    path: 'image',
    message: `image: images of contracts may come ${from}, and this one comes from ${image.slice(0, image.indexOf('@'))}`,
    nextAction: "have the platform's administrator allow the registry: contracts.imageRegistries in the chart's values",
  };
}
