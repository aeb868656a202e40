import files from 'stars';
