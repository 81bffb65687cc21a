import { CLUSTER_ROWS } from './cluster-rows.ts';
import { faultMatrix } from './matrix.ts';

// needs: kubernetes
// takes minutes

faultMatrix(CLUSTER_ROWS);
