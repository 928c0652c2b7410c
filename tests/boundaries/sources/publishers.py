"""What each publisher of outcomes serves, small: its addresses, its paging, the form of its files; figures are made up."""

from __future__ import annotations

import io
import json
import zipfile

DISTRICTS = {
    "E06000001": "Hartlepool",
    "E06000002": "Middlesbrough",
    "E06000003": "Redcar and Cleveland",
    "E06000004": "Stockton-on-Tees",
    "E06000005": "Darlington",
}
RELEASE = "0b5f3c1e-86d1-4c7f-9a51-2f2d0f6a1c77"
CHANGED = {"Last-Modified": "Thu, 15 Jan 2026 09:30:00 GMT"}

ELS_HEAD = "areacd,areanm,geography,indicator,period,observation,measure,unit,lci_95,uci_95,status,notes"
ELS_SAID = {
    "label": "Bathing waters",
    "suffix": "%",
    "sourceDate": "01/04/2025|15/01/2026|27/03/2025",
    "sourceURL": "https://example.org/a|https://example.org/b",
    "sourceOrg": "Environment Agency|Natural Resources Wales",
    "decimalPlaces": 1,
}


def els_file(value=60.0):
    """Return a file of an indicator that nobody knew beforehand."""
    rows = [
        f"{code},{name},LAD,Bathing waters,2025,{value + at},Percentage,%,,,,"
        for at, (code, name) in enumerate(DISTRICTS.items())
    ]
    return "\n".join([ELS_HEAD, *rows, ""]).encode()


def els(value=60.0):
    """Return an answerer like the folder of raw files: ``<slug>/<slug>.csv`` and the metadata beside it."""
    said = json.dumps({"_note": "", "ess-beta-metadata": ELS_SAID}).encode()
    files = {"/bathing-waters/bathing-waters.csv": els_file(value), "/bathing-waters/bathing-waters.json": said}
    return lambda path, _params: files.get(path)


def nomis(total=5, *, page=25_000, value=100.0):
    """Return an answerer like the data API: at most a page of cells at once, the whole number in every row."""

    def answer(path, params):
        if path != "/NM_99_1.data.csv" or "geography" not in params:
            return None
        first = int(params.get("recordoffset", 0))
        last = min(first + min(int(params.get("recordlimit", page)), page), total)
        codes = list(DISTRICTS.items())
        head = '"DATE_NAME","GEOGRAPHY_CODE","GEOGRAPHY_NAME","ITEM_NAME","MEASURES_NAME","OBS_VALUE","OBS_STATUS_NAME","RECORD_OFFSET","RECORD_COUNT"'
        rows = []
        for at in range(first, last):
            code, name = codes[at] if at < len(codes) else (f"E99{at:06}", f"Place {at}")
            rows.append(f'"2025","{code}","{name}","Median","Value",{value + at},"Normal Value",{at},{total}')
        return "\n".join([head, *rows, ""]).encode()

    return answer


FINGERTIPS_HEAD = (
    "Indicator ID,Indicator Name,Parent Code,Parent Name,Area Code,Area Name,Area Type,Sex,Age,Category Type,Category,Time period,"
    "Value,Lower CI 95.0 limit,Upper CI 95.0 limit,Count,Denominator,Value note"
)


def fingertips(value=8.0):
    """Return an answerer like the CSV of all data: every area under each parent, a header alone where it knows no such thing."""

    def answer(path, params):
        if path != "/all_data/csv/by_indicator_id":
            return None
        known = params.get("indicator_ids") == "92443" and params.get("area_type_id") in {"501", "502"}
        rows = [
            f'92443,Smoking Prevalence in adults,{parent},Parent,{code},"{name}",District,Persons,18+ yrs,,,2024,'
            f"{value + at},{value + at - 1},{value + at + 1},,,"
            for parent in ("E12000001", "E92000001")
            for at, (code, name) in enumerate(DISTRICTS.items())
        ]
        return "\r\n".join([FINGERTIPS_HEAD, *(rows if known else []), ""]).encode("utf-8-sig")

    return answer


DFE_HEAD = "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,old_la_code,new_la_code,la_name,attainment8"


def dfe_table(value=40.0):
    """Return a table with a row of the country and a row of every authority."""
    rows = [f"202425,Academic year,National,E92000001,England,,,,,,{value}"]
    rows += [
        f"202425,Academic year,Local authority,E92000001,England,E12000001,North East,80{at},{code},{name},{value + at}"
        for at, (code, name) in enumerate(DISTRICTS.items())
    ]
    return "\n".join([DFE_HEAD, *rows, ""]).encode()


def archive(*names, value=40.0):
    """Return a release as one archive: tables under ``data/``, and guidance that is a table too."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name in names:
            zipped.writestr(zipfile.ZipInfo(f"data/{name}"), dfe_table(value))
        zipped.writestr(zipfile.ZipInfo("data-guidance/data-guidance.csv"), b"variable,label\nattainment8,Score\n")
    return packed.getvalue()


SMC_FILE = (
    "ind_code,ind_name,area_code,area_name,time_period,value,category_type,category\n"
    "CI_PP,Promising prospects index,1,Hartlepool,2024,-0.50,Band,Unfavourable\n"
    "CI_PP,Promising prospects index,2,Tees Valley,2024,0.75,Band,Favourable\n"
)
