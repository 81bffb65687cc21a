"use strict";
exports.id = 846;
exports.ids = [846];
exports.modules = {

/***/ 846:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   "default": () => (/* reexport safe */ _fetch_js__WEBPACK_IMPORTED_MODULE_0__.$)
/* harmony export */ });
/* harmony import */ var _fetch_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1414);
/**
 * What bundles take for `node-fetch` (tsconfig.bundles.json), which gaxios loads where it is not told another: whatever Google's
 * libraries send goes through the one door.
 */
// biome-ignore lint/style/noDefaultExport: it is what node-fetch exports.



/***/ })

};
;