@IP-40
Feature: No malformed phone number reaches Inlet

  Scenario: Numbers that are not valid
    When guests with malformed phone numbers book stays
    Then none of these numbers reached Inlet
