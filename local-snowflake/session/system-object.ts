import type { CatalogObject } from '../catalog/catalog-object.ts';

/** An object of the account that the system makes, with nothing but what is said of it. */
export function systemObject(
  said: Pick<CatalogObject, 'kind' | 'name' | 'id' | 'owner' | 'createdOn' | 'properties'>,
): CatalogObject {
  return {
    collection: 'object',
    signature: '',
    parent: null,
    alteredOn: said.createdOn,
    comment: '',
    tags: {},
    parameters: {},
    ...said,
  };
}
