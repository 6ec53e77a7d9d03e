from . import emergency_sheet, paper_list, slip, status
