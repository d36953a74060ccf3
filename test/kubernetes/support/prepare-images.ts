import { bin } from '../node-under-test.ts';
import { preparedImages } from './made-images.ts';

// Before the files of a suite begin: several of them at once would each do it.
await preparedImages(bin);
