import '../show.js';
import semver from 'semver';
import satisfies from 'semver/functions/satisfies.js';
show(
  semver.valid('v1.2.3'),
  satisfies('1.2.3', '^1.0.0'),
  semver.inc('1.2.3-a.1', 'prerelease'),
  semver.sort(['2.0.0', '1.0.0-b', '1.0.0']),
  semver.validRange('>=1 <2 || 3.x'),
  semver.coerce('v2').version,
  String(new semver.Range('~1.2')),
);
