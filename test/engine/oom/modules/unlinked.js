import { reedFile } from 'stars';
