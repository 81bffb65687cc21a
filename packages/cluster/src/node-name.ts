/** The node's name: the API server of a node in the machine's network reaches its kubelet by it. */
export const NODE = 'localhost';
