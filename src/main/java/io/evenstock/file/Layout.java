package io.evenstock.file;

/** Which columns of a snapshot file hold what. Columns are found by name without regard to case; others pass. */
public sealed interface Layout {

    /** The OMS import columns {@code externalFacilityId,idType,idValue,availableQty}. */
    Layout OMS_IMPORT = new OmsImport();

    /**
     * Retail Pro's columns. The facility is {@code <subsidiary>-<store>}; a subsidiary with a hyphen is refused, so no two
     * stores become one facility.
     *
     * @param idType type of all identifications in {@code idColumn}, such as UPCA
     */
    static Layout retailPro(
            String subsidiaryColumn, String storeColumn, String idColumn, String quantityColumn, String idType) {
        return new RetailPro(subsidiaryColumn, storeColumn, idColumn, quantityColumn, idType);
    }

    /** See {@link Layout#retailPro}. */
    record RetailPro(String subsidiaryColumn, String storeColumn, String idColumn, String quantityColumn, String idType)
            implements Layout {}

    /** See {@link Layout#OMS_IMPORT}. */
    record OmsImport() implements Layout {}
}
